import { heading, listing, shell, text, type Block } from '../../view/page.ts';

export function blocks(): readonly Block[] {
  return [
    text(
      'Keys that were made by hand, by a script, or by a spec that was lost come under a spec in two steps: `export` writes what',
      "is live as a spec, and `adopt` marks it as the spec's own, and changes nothing else.",
    ),
    shell(
      'vkeys create by-hand --keyring none > key.txt',
      'vkeys export by-hand --as tools --out tools.yaml   # or --all --fold, --set, --user, --team',
      'vkeys adopt -f tools.yaml --yes',
      'vkeys keyring import < key.txt                     # a secret that somebody has',
      'vkeys plan -f tools.yaml                           # no changes',
      'vkeys deliver -f tools.yaml --deliver dotenv=secrets/{key_alias}.env',
    ),
    heading('What an export has'),
    text(
      'The keys that are named, with all of their fields, and the teams with their members, users and budgets that they name;',
      'with `--all`, everything of the server. Keys that a set has marked are in a document of that set, and plan empty at once; all else is in one of `--as`, and plans empty after `adopt`.',
    ),
    text(
      'It has no secrets: a value that has one, or that the server encrypted, is left out and told, and stays as it is. So are keys',
      'without an alias, and names and values that no spec may give. `--fold` says the same in fewer words: what most keys have',
      'becomes `defaults:`, numbered names become a roster with `overrides:`, and ends become a `duration:` where they were counted from the creation.',
    ),
    heading('To another server'),
    text(
      'The same keys with the same secrets, so that whoever has one notices nothing. Both servers are saved connections:',
    ),
    listing(
      'sh',
      [
        'vkeys auth login --profile old --url https://old.example.com',
        'vkeys auth login --profile new --url https://new.example.com',
        'vkeys migrate --from old --to new -f vkeys.yaml --dry-run   # the plan, and what the new server cannot hold',
        'vkeys migrate --from old --to new -f vkeys.yaml --spend --block-old',
        'vkeys verify -f vkeys.yaml --profile new',
        'vkeys delete --set lab --profile old                        # when nobody needs them any more',
      ].join('\n'),
    ),
    text(
      'Limits, metadata, sharing, teams, users, budgets and memberships go along, and ends stay the same moments, also',
      'where the spec says `duration:`, which goes on to count from the creation on the old server. With `-f`, hand-outs get',
      'the new address (`--public-url` says it where users have another one); without, they stay as they are. `--spend` carries what',
      "each key has spent; a key's own budget window starts anew, and teams, users and members start at 0.",
    ),
    text(
      'Left behind, and told: keys whose secret no keyring of this machine has (`vkeys keyring import` brings it, `--new-secrets` makes',
      'another one), keys without an alias or that are over, fields that the new version does not know, and metadata that the old server has encrypted.',
      'What the new server has already under the same id stays as it is there; a name that is taken by another key refuses the run, and so do models that it does not offer (`--no-model-check`).',
    ),
    text(
      'Cut it, and run it again: it goes on where it was. `--block-old` blocks only keys that answered on the new server. From then on each',
      'server has its own keys: deleting the old ones takes no secret and no hand-out of the new ones. Delete them by `--set` or by name, because `-f` takes the hand-outs along.',
    ),
  ];
}
