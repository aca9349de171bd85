import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';

const GITHUB = `jobs:
  keys:
    runs-on: ubuntu-latest
    env:
      LITELLM_BASE_URL: \${{ vars.LITELLM_BASE_URL }}
      LITELLM_MASTER_KEY: \${{ secrets.LITELLM_MASTER_KEY }}
    steps:
      - uses: actions/checkout@v4
      - run: npm install --global litellm-vkeys
      - run: vkeys plan -f vkeys.yaml
      - if: github.ref == 'refs/heads/main'
        run: vkeys apply -f vkeys.yaml --yes`;

export function blocks(): readonly Block[] {
  return [
    text(
      'stdout is the result, stderr the conversation; nothing is asked where there is no terminal, and what would be asked',
      'needs `--yes`. Exit codes: `vkeys help exit-codes`. Documents: `vkeys help json`.',
    ),
    heading('A key for one job'),
    text(
      'Piped, `create` prints the key and nothing else. It ends by itself, also when the job is killed. Of jobs that want one',
      'name at the same time one gets it, and all others end with 6; so does `--if-absent` where the key that is there has',
      'expired, is blocked or has spent its budget.',
    ),
    shell(
      'KEY=$(vkeys create "ci-$CI_JOB_ID" --duration 1h --max-budget 1)',
      'vkeys create "ci-$CI_JOB_ID-2" --duration 1h --for openai > key.env # with its address',
      'vkeys create nightly --duration 8h --if-absent --replace-expired > key # the same key, while it can be used',
      'vkeys create "ci-$CI_JOB_ID-3" --duration 1h --github env # on GitHub: masked, and there for the next steps',
      "vkeys delete 'ci-*' --yes",
      'vkeys run --max-budget 1 --ttl 30m -- true # a key for one command, in its environment alone, and gone when that ends',
    ),
    heading("A platform's keys in Git"),
    text(
      'Plan in the merge request, apply on the main branch. `--exit-code` ends with 2 when apply would do something.',
    ),
    shell(
      'vkeys validate -f vkeys.yaml',
      'vkeys plan -f vkeys.yaml -o markdown > comment.md # for the merge request',
      'vkeys plan -f vkeys.yaml --exit-code || [ $? -eq 2 ]',
      'vkeys apply -f vkeys.yaml --yes',
      'vkeys plan -f vkeys.yaml --out plan.json # free of secrets, for a review',
      'vkeys apply --plan plan.json # just that, deletions too; 6 when anything has moved',
      'vkeys apply -f vkeys.yaml --yes --prune --max-deletions 5',
    ),
    listing('yaml', GITHUB),
    heading('The keyring of a runner'),
    text(
      "A runner's disk is gone after the job, and with it the secrets: keys stay as they are, but what was not handed out is",
      'known to nobody. So hand out where it is needed, and keep the keyring in one of these ways:',
    ),
    table(
      ['way', 'what that does'],
      [
        ['a volume', '`--keyring /var/lib/vkeys`: every job has the same keyring. Jobs take turns'],
        ['encrypted in Git', '`--keyring age:keyring`, committed after each apply: see `vkeys help keyring`'],
        ['none', '`--keyring none`: nothing stays on the runner; hand-outs can be written once only'],
      ],
    ),
    heading('Cron, retries, time'),
    table(
      ['flag', 'what for'],
      [
        ['--deadline 300', 'ends after five minutes; the same command goes on where it stopped'],
        ['--timeout 60', 'for each request, on a slow network'],
        ['-q', 'nothing but the result and errors'],
        ['--no-secrets', 'no keys in json, yaml, csv and env: for logs that others read'],
      ],
    ),
  ];
}
