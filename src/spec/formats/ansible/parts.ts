/** One document of Ansible's – a file of variables, a playbook, a list of tasks – → a part of a set for each use of a role. */
import { sameJson, isList, isObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { Environment } from '../../../base/variables.ts';
import { diagnose, type OnDiagnostic, type Problem, type Text } from '../../read/text.ts';
import type { Path, Source, TreeDocument } from '../../read/tree.ts';
import { readTree } from '../../read/value.ts';
import type { Allowance } from '../../allowance.ts';
import { readPart, type SpecHome, type SpecPart } from '../native.ts';
import { credentialOf } from './credential.ts';
import { checkNames } from './names.ts';
import { usesIn, useOfVariables, type Fail, type Note, type RoleUse } from './playbook.ts';
import { relevant } from './relevant.ts';
import { MANAGE_KEYS, nameOf, VARIABLES } from './roles.ts';
import { scopeOf } from './scope.ts';
import { checkTrust, timeoutOf } from './server.ts';
import { translate } from './translate.ts';
import { environmentTexts, givenIn, isEmpty } from './variables.ts';

/** What reading needs beside the document. `note` hears what is worth saying and no problem. */
export type Reading = {
  readonly text: Text;
  /** Where the text lies; `null` where it only passes through. */
  readonly file: string | null;
  readonly home: SpecHome;
  readonly env: Environment;
  readonly allowance: Allowance;
  readonly report: OnDiagnostic;
  readonly note: OnDiagnostic;
};

/** Members of a spec that no file of variables has by chance. */
const SPEC_MEMBERS = new Set(['set', 'defaults', 'keys', 'deliver']);

export async function partsOf(document: TreeDocument, reading: Reading): Promise<readonly SpecPart[]> {
  const { text, report, note } = reading;
  checkMixture(document, reading);
  const source = readTree(relevant(document), text, null, report, note);
  if (source === null) return [];
  const { value, at } = source;
  const fail: Fail = (path, problem, part) => report(diagnose(text, at(path, part), problem));
  if (isObject(value) && isOfDefaults(value)) {
    note(diagnose(text, at([nameOf(MANAGE_KEYS, 'alias')]), DEFAULTS));
    return [];
  }
  const parts: SpecPart[] = [];
  for (const use of isObject(value) ? [useOfVariables(value)] : usesIn(value, fail)) {
    const part = await partOf(use, source, reading);
    if (part !== null) parts.push(part);
  }
  return parts;
}

const DEFAULTS: Problem = {
  rule: 'ansible',
  message: 'These are the defaults of the role, which vkeys has too: they name no key, so the file is passed over.',
  hint: 'Give -f the file that says what litellm_vkey_alias is.',
};

/** Whether all that the role has a default for is there and has it, and there is no alias. */
function isOfDefaults(variables: JsonObject): boolean {
  const { defaults } = MANAGE_KEYS;
  return VARIABLES.every((variable) => {
    const value = variables[nameOf(MANAGE_KEYS, variable)];
    const known = defaults[variable];
    return known === undefined
      ? value === undefined || isNothing(value)
      : value !== undefined && sameJson(value, known);
  });
}

function isNothing(value: Json): boolean {
  return isEmpty(value) || value === false || (isList(value) && value.length === 0);
}

function checkMixture({ tree }: TreeDocument, { text, report }: Reading): void {
  if (tree.kind !== 'map') return;
  for (const { name, at } of tree.members.filter((member) => SPEC_MEMBERS.has(member.name))) {
    const message = `The file has Ansible's variables, and ${name} of a spec.`;
    report(diagnose(text, text.origin(at), { rule: 'ansible', message, hint: 'Put the two into two files.' }));
  }
}

async function partOf(use: RoleUse, source: Source, reading: Reading): Promise<SpecPart | null> {
  const { text, file, home, env, allowance, report } = reading;
  let isSound = true;
  const fail: Fail = (path, problem, part) => {
    isSound = false;
    report(diagnose(text, source.at(path, part), problem));
  };
  const note: Note = (path, problem) => reading.note(diagnose(text, source.at(path), problem));
  const scope = scopeOf(use);
  noteIdle(checkNames(use, fail), note);
  const given = givenIn(scope, env, fail);
  if (!isSound) return null;
  const { value, ansible, placeOf } = translate(given, scope, fail);
  checkTrust(given, scope, fail, note);
  const credential = credentialOf(given, scope, file, fail, note);
  const timeout = timeoutOf(given, scope, fail);
  if (!isSound) return null;
  const secrets = environmentTexts(scope, env);
  const spec: Source = { ...source, value, secrets, at: (path, part) => source.at(placeOf(path), part) };
  const part = await readPart(spec, { ...home, name: null }, allowance, report);
  return part === null ? null : { ...part, timeout, credential, adopt: true, ansible };
}

function noteIdle(idle: readonly Path[], note: Note): void {
  const [first] = idle;
  if (first === undefined) return;
  const names = [...new Set(idle.map((path) => String(path.at(-1))))].join(', ');
  const message = `Passed over, because ${idle.length === 1 ? 'it changes' : 'they change'} nothing here: ${names}.`;
  const hint = 'vkeys repeats requests by itself, and deletes keys by what it knows of them.';
  note(first, { rule: 'ansible', message, hint });
}
