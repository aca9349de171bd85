/** The programs that vkeys knows: each argument, as their documentation has it. */
import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/spec/deliveries/presets.ts';
import { fill } from '../../src/base/template.ts';
import { load } from './load.ts';

const KEYS = 'keys: [{ key_alias: k, roster: [{ user: ada }] }]\n';

async function deliveryOf(item: string) {
  const { specs, problems } = await load(`${KEYS}deliver: [{ command: { ${item} } }]`);
  expect(problems).toBe('');
  const delivery = specs[0]?.deliver[0];
  if (delivery?.to !== 'command') throw new Error('no command');
  const line = (argv: readonly string[] | undefined): string | undefined =>
    argv?.map((arg) => fill(arg, { user: 'ada' })).join(' ');
  const { run, create, check, remove, missing, stdin, variables, format } = delivery;
  return {
    run: line(run),
    create: line(create),
    check: line(check),
    missing,
    remove: line(remove),
    reads: stdin === undefined ? variables : fill(stdin, { user: 'ada' }),
    format,
  };
}

const VALUE = { reads: undefined, format: undefined };

test.each([
  [
    "use: gh, name: KEY, repo: 'acme/{user}'",
    {
      run: 'gh secret set KEY --repo acme/ada',
      check: 'gh api --silent repos/acme/ada/actions/secrets/KEY',
      missing: 'HTTP 404',
      remove: 'gh secret delete KEY --repo acme/ada',
      ...VALUE,
    },
  ],
  [
    "use: gh, name: KEY, repo: acme/app, environment: '{user}'",
    {
      run: 'gh secret set KEY --repo acme/app --env ada',
      check: 'gh api --silent repos/acme/app/environments/ada/secrets/KEY',
      missing: 'HTTP 404',
      remove: 'gh secret delete KEY --repo acme/app --env ada',
      ...VALUE,
    },
  ],
  [
    "use: gh, name: 'KEY_{user}', org: acme, visibility: all",
    {
      run: 'gh secret set KEY_ada --org acme --visibility all',
      check: 'gh api --silent orgs/acme/actions/secrets/KEY_ada',
      missing: 'HTTP 404',
      remove: 'gh secret delete KEY_ada --org acme',
      ...VALUE,
    },
  ],
  [
    "use: glab, name: KEY, repo: 'acme/{user}', scope: prod",
    {
      run: 'glab variable update KEY --masked --repo acme/ada --scope prod',
      create: 'glab variable set KEY --masked --repo acme/ada --scope prod',
      check: 'glab variable get KEY --repo acme/ada --scope prod',
      missing: '404',
      remove: 'glab variable delete KEY --repo acme/ada --scope prod',
      ...VALUE,
    },
  ],
  [
    "use: glab, name: KEY, group: '{user}'",
    {
      run: 'glab variable update KEY --masked --group ada',
      create: 'glab variable set KEY --masked --group ada',
      check: 'glab variable get KEY --group ada',
      missing: '404',
      remove: 'glab variable delete KEY --group ada',
      ...VALUE,
    },
  ],
  [
    "use: vault, mount: secret, path: 'llm/{user}', field: key",
    {
      run: 'vault kv patch -mount=secret llm/ada key=-',
      create: 'vault kv put -mount=secret llm/ada key=-',
      check: 'vault kv get -mount=secret -format=json llm/ada',
      missing: 'No value found at',
      remove: 'vault kv patch -mount=secret -remove-data=key llm/ada',
      ...VALUE,
    },
  ],
  [
    "use: op, vault: LLM, item: 'key of {user}', field: credential",
    {
      run: 'op item edit key of ada --vault LLM',
      create: 'op item create --vault LLM -',
      check: 'op read --no-newline op://LLM/key of ada/credential',
      missing: "isn't an item",
      remove: 'op item delete key of ada --vault LLM',
      reads:
        '{"title":"key of ada","category":"API_CREDENTIAL","fields":[{"id":"credential","type":"CONCEALED","label":"credential","value":"{key}"}]}',
      format: 'json',
    },
  ],
  [
    "use: aws, secret-id: 'llm/{user}'",
    {
      run: 'aws secretsmanager put-secret-value --secret-id llm/ada --secret-string file:///dev/stdin',
      create: 'aws secretsmanager create-secret --name llm/ada --secret-string file:///dev/stdin',
      check: 'aws secretsmanager get-secret-value --secret-id llm/ada --query SecretString --output text',
      missing: 'ResourceNotFoundException',
      remove: 'aws secretsmanager delete-secret --secret-id llm/ada --force-delete-without-recovery',
      ...VALUE,
    },
  ],
  [
    "use: az, vault-name: kv, name: 'llm-{user}'",
    {
      run: 'az keyvault secret set --vault-name kv --name llm-ada --file /dev/stdin --encoding utf-8 --output none',
      check: 'az keyvault secret show --vault-name kv --name llm-ada --query value --output tsv',
      missing: 'SecretNotFound',
      remove: 'az keyvault secret delete --vault-name kv --name llm-ada --output none',
      ...VALUE,
    },
  ],
  [
    "use: gcloud, secret: 'llm-{user}', project: p",
    {
      run: 'gcloud secrets versions add llm-ada --project=p --data-file=-',
      create: 'gcloud secrets create llm-ada --project=p --data-file=-',
      check: 'gcloud secrets versions access latest --secret=llm-ada --project=p',
      missing: 'NOT_FOUND',
      remove: 'gcloud secrets delete llm-ada --project=p --quiet',
      ...VALUE,
    },
  ],
  [
    "use: kubectl, namespace: 'team-{user}', secret: llm, key: KEY",
    {
      run: 'kubectl apply --server-side --field-manager=vkeys --namespace=team-ada --filename=-',
      check: 'kubectl get secret llm --namespace=team-ada --output=go-template={{index .data "KEY" | base64decode}}',
      missing: '(NotFound)',
      remove: 'kubectl delete secret llm --namespace=team-ada --ignore-not-found',
      reads:
        '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"llm","namespace":"team-ada"},"stringData":{"KEY":"{key}"}}',
      format: 'json',
    },
  ],
  [
    "use: sops, file: 'secrets/{user}.enc.env'",
    {
      run: 'sops --encrypt --filename-override secrets/ada.enc.env --input-type dotenv --output-type dotenv --output secrets/ada.enc.env /dev/stdin',
      check: 'test -e secrets/ada.enc.env',
      remove: 'rm secrets/ada.enc.env',
      reads: { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' },
      format: 'dotenv',
    },
  ],
])('%s', async (item, lines) => {
  expect(await deliveryOf(item)).toEqual({ create: undefined, missing: undefined, ...lines });
});

describe('each', () => {
  test.each(Object.entries(PRESETS))('%s says where its arguments are from, and when', (_, { read }) => {
    expect(read).toMatch(/; \d{4}-\d\d-\d\d$/);
  });
});
