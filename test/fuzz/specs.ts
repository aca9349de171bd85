/** Specs: YAML, JSON, Ansible's variables and Kubernetes resources, spoiled; of wrong shapes; and small ones that ask for a lot. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import type { Diagnostic } from '../../src/model/spec.ts';
import { FIELD_NAMES } from '../../src/kinds/key.ts';
import { loadSpecs, type Loaded } from '../../src/spec/load.ts';
import { diagnosticsText } from '../../src/view/diagnostics.ts';
import { mutated, NASTY } from './mutate.ts';
import { assert, target, UNSAFE } from './target.ts';

const FOLDER = join(process.cwd(), 'examples');
const ENV = { HOME: '/home/ada', LITELLM_BASE_URL: 'https://litellm.example.com' };
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const YAML = ['one-key.yaml', 'workshop.yaml', 'platform.yaml', 'lab.yaml'].map(read);
const role = (name: string): string => readFileSync(join(process.cwd(), 'test/fixtures/ansible', name), 'utf8');
const ANSIBLE = [
  read('ansible-vars.yaml'),
  role('workshop.yml'),
  `litellm_vkey_alias: "{{ a | default(b ~ '-c') }}"\nlitellm_vkey_models: '["m"]'\nlitellm_vkey_user_id: "{{ lookup('env', 'HOME') }}"\nb: "{{ d[0].e }}"\nd: [{ e: f }]\n`,
];
const KUBERNETES = [
  readFileSync(join(process.cwd(), 'test/fixtures/kubernetes/kubectl.yaml'), 'utf8'),
  `apiVersion: auth.litellm.ai/v1alpha1\nkind: Team\nmetadata: { name: t }\nspec:\n  teamAlias: t\n  membersWithRole: [{ userEmail: a@b }, { userID: u, role: admin }]\n---\napiVersion: auth.litellm.ai/v1alpha1\nkind: User\nmetadata: { name: a }\nspec: { userEmail: a@b, teams: [t, x], modelRPMLimit: { m: '5' } }\n`,
];
const JSONS = [...YAML, ...ANSIBLE].flatMap((text) => [
  JSON.stringify(parse(text)),
  JSON.stringify(parse(text), null, 2),
]);
export const ROSTERS = [read('attendees.csv'), 'user;team\nada;"red;blue"\n', 'email\tuser\r\na@b.c\tada\r\n'];

const load = (text: string, cwd = FOLDER): Promise<Loaded> =>
  loadSpecs(['-'], { cwd, env: ENV, readStdin: () => Promise.resolve(text) });

/** Specs without a problem, or problems each with its place, words and a next step. */
function assertTold({ specs, diagnostics }: Loaded, texts: Readonly<Record<string, string>>): void {
  assert(specs.length > 0 !== diagnostics.length > 0, 'specs or diagnostics');
  const lines = Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, text.split('\n')]));
  for (const each of diagnostics) assertPlaced(each, lines);
  const shown = diagnosticsText(diagnostics.slice(0, 50), { color: 0, columns: 80, now: new Date(0), cwd: FOLDER });
  assert(!UNSAFE.test(shown), 'safe on a terminal', shown);
  for (const { desired } of specs) {
    for (const { ref } of desired) assert(/^[^\p{Cc}]{1,255}$/u.test(ref.name), 'a sound alias', ref.name);
  }
}

function assertPlaced(
  { origin, message, hint, rule }: Diagnostic,
  lines: Readonly<Record<string, readonly string[]>>,
): void {
  const width = lines[origin.file]?.[origin.line - 1]?.length;
  assert(width !== undefined && origin.column >= 1 && origin.column <= width + 1, 'a place in the text', origin);
  assert(message.trim() !== '' && hint.trim() !== '' && rule !== '', 'words and a next step', message);
  assert(message.length < 2000, 'no endless message', message.length);
}

async function checkText(text: string): Promise<void> {
  assertTold(await load(text), { stdin: text, 'attendees.csv': ROSTERS[0] ?? '' });
}

/** A spec in a file beside a roster, both of any bytes. */
async function checkFiles([spec, roster]: readonly [Uint8Array, Uint8Array]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-fuzz-'));
  try {
    writeFileSync(join(folder, 'spec.yaml'), spec);
    writeFileSync(join(folder, 'attendees.csv'), roster);
    const io = { cwd: folder, env: ENV, readStdin: () => Promise.resolve('') };
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    const texts = { 'spec.yaml': text(spec), 'attendees.csv': text(roster) };
    assertTold(await loadSpecs(['spec.yaml'], io), texts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 });

function flipped(texts: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(texts, flips).map(([text, places]) => {
    const bytes = Buffer.from(text);
    for (const [place, byte] of places) if (bytes.length > 0) bytes[place % bytes.length] = byte;
    return new Uint8Array(bytes);
  });
}

const NAMES = [
  ...FIELD_NAMES,
  ...`version set server url state on_expired defaults keys key_alias previously roster deliver count prefix start pad domain file
    overrides extra metadata duration expires dotenv json csv path variables litellm_vkey_alias litellm_vkey_models
    litellm_vkey_multi_user litellm_vkey_user_count __proto__`.split(/\s+/),
];

/** Members of a spec with values of any kind, wherever they do not belong. */
const misshapen = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom(null, true, 0, -1, 1.5, 1e308, '', 'a', '{user}', '3d', '${HOME}', 'attendees.csv', 100_000),
    fc.constantFrom(...NASTY),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 6 }),
  ),
  keys: fc.array(
    fc.record(
      {
        key_alias: fc.oneof(fc.constantFrom('a', 'b-{user}'), tie('any')),
        roster: fc.oneof(fc.constantFrom({ count: 3 }, ['ada'], [{ user: 'ada', team: 1 }]), tie('any')),
        metadata: fc.oneof(fc.constant({ a: '{user}' }), tie('any')),
        overrides: tie('any'),
        state: tie('any'),
        duration: tie('any'),
        extra: tie('any'),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 4 },
  ),
  spec: fc.record(
    {
      set: fc.oneof(fc.constant('s'), tie('any')),
      keys: fc.oneof(tie('keys'), tie('any')),
      defaults: tie('any'),
      deliver: fc.oneof(fc.constant([{ dotenv: '{key_alias}.env' }]), tie('any')),
      server: tie('any'),
    },
    { requiredKeys: ['keys'] },
  ),
})).spec;

export const SPECS = {
  'specs in YAML': target({ inputs: mutated(YAML), check: checkText, share: 1800 }),
  'specs in JSON': target({ inputs: mutated(JSONS), check: checkText, share: 900 }),
  "Ansible's variables": target({ inputs: mutated([...ANSIBLE, ...YAML]), check: checkText, share: 900 }),
  "the operator's resources": target({ inputs: mutated(KUBERNETES), check: checkText, share: 900 }),
  'specs of wrong types': target({
    inputs: misshapen.map((value) => JSON.stringify(value)),
    check: checkText,
    share: 900,
  }),
  'files of any bytes': target({
    inputs: fc.tuple(flipped(mutated(YAML.slice(-1))), flipped(mutated(ROSTERS))),
    check: checkFiles,
    share: 600,
  }),
};
