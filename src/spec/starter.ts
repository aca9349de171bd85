const WEEK = 7 * 24 * 3_600_000;

/** What `vkeys init` writes: a spec that works as it is, for a set that nobody else has (see `newSet`). */
export function starterOf(set: string, { now, zone }: { readonly now: Date; readonly zone: string }): string {
  const end = new Date(now.getTime() + WEEK).toISOString().slice(0, 10);
  return `# yaml-language-server: $schema=./vkeys.schema.json
# (Editors know the fields once you run: vkeys schema > vkeys.schema.json)
#
# vkeys validate -f FILE   checks this file
# vkeys plan -f FILE       shows what would change on the server
# vkeys apply -f FILE      does it; a second time it changes nothing
version: 1

# Who owns these keys. Only keys of this set are ever changed or deleted by this file. Nobody else has this name, because
# its end is random. Choose a better one before the first apply; once there are keys, keep it.
set: ${set}

# Where days end that have no time of their own.
time_zone: ${zone}

# The server; the variable LITELLM_BASE_URL and the option --url say it too.
server: { url: "\${LITELLM_BASE_URL}" }

# For every key below. A field that is not here is left as the server has it, null clears it.
defaults:
  models: [gpt-4o-mini]
  expires: ${end} # the end of that day, for who comes late too; or duration: 3d, from each key's creation
  max_budget: 5 # US dollars

keys:
  # One key.
  - key_alias: my-workshop-instructor
    max_budget: 50
    metadata: { role: instructor }

  # A key for each of five users: my-workshop-user1, my-workshop-user2, …
  - key_alias: my-workshop
    roster: { count: 5, prefix: user, domain: example.com }
    # roster: [ada, grace]              # or a list of names
    # roster: { file: attendees.csv }   # or a CSV file; user: E-Mail says which column names the users
    # roster: { file: attendees.csv, fields: [max_budget, models] }   # and these columns are each user's own
    # overrides: { user1: { max_budget: 20 } }

# Where new keys go. Without this they are only in vkeys' own keyring.
deliver:
  - dotenv: secrets/{key_alias}.env
  # - csv: secrets/handout.csv
`;
}
