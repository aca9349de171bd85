/** Who we are on the server that the file names: what the variables say of that. */
import { Secret } from '../../../base/secret.ts';
import type { FileCredential } from '../../../model/spec.ts';
import type { Problem } from '../../read/text.ts';
import type { Fail, Note } from './playbook.ts';
import { nameOf, type Variable } from './roles.ts';
import type { Scope } from './scope.ts';
import { notTrueOrFalse, truthOf } from './truth.ts';
import { textIn, valueIn, type Given } from './variables.ts';

type Way = 'master_key' | 'openshift_token' | 'use_openshift_token' | 'password';

/** The first that the role would take. `file`: where the variables stand, `null` where they only pass through. */
export function credentialOf(
  given: Given,
  scope: Scope,
  file: string | null,
  fail: Fail,
  note: Note,
): FileCredential | null {
  checkTexts(given, scope, fail);
  const way = wayOf(given, scope, fail);
  if (way === null) {
    noteHalf(given, scope, note);
    return null;
  }
  const { role, placeOf } = scope;
  const name = nameOf(role, way);
  const ofEnvironment = way === 'use_openshift_token' || given[way]?.ofEnvironment === true;
  if (way !== 'use_openshift_token' && !ofEnvironment && file !== null) note(placeOf(way), standsThere(name, way));
  const url = textIn(given, 'api_url');
  if (url === '') {
    const message = `${name} is not used, because the file does not say for which server it is.`;
    const hint = `Write ${nameOf(role, 'api_url')} into the same file.`;
    note(placeOf(way), { rule: 'credential', message, hint });
    return null;
  }
  const about = { url, source: `${name}${file === null ? '' : ` in ${file}`}`, ofEnvironment };
  switch (way) {
    case 'master_key':
      return { ...about, kind: 'master-key', secret: new Secret(textIn(given, way).trim()) };
    case 'openshift_token':
      return { ...about, kind: 'openshift', secret: new Secret(textIn(given, way).trim()) };
    case 'use_openshift_token':
      return { ...about, kind: 'cluster' };
    case 'password': {
      const password = new Secret(textIn(given, way));
      return { ...about, kind: 'password', username: textIn(given, 'username'), password };
    }
  }
}

/** A key or token becomes a header; a password may have any characters. */
function checkTexts(given: Given, { role, placeOf }: Scope, fail: Fail): void {
  for (const variable of ['master_key', 'openshift_token', 'username', 'password'] as const) {
    const value = valueIn(given, variable);
    const name = nameOf(role, variable);
    if (value === null) continue;
    if (typeof value !== 'string') {
      fail(placeOf(variable), { rule: 'type', message: `${name} has to be text.`, hint: 'Put it in quotes.' });
      continue;
    }
    if (variable === 'username' || variable === 'password' || /^[!-~]+$/.test(value.trim())) continue;
    const message = `${name} has characters in it that no key has.`;
    fail(placeOf(variable), { rule: 'type', message, hint: 'It is one line without blanks.' });
  }
}

function wayOf(given: Given, { role, placeOf }: Scope, fail: Fail): Way | null {
  const variable = 'use_openshift_token';
  const isOfCluster = truthOf(valueIn(given, variable) ?? false);
  if (isOfCluster === null) fail(placeOf(variable), notTrueOrFalse(nameOf(role, variable)));
  if (given.master_key !== undefined) return 'master_key';
  if (given.openshift_token !== undefined) return 'openshift_token';
  if (isOfCluster === true) return variable;
  return given.username === undefined || given.password === undefined ? null : 'password';
}

const PLACES = {
  master_key: 'LITELLM_MASTER_KEY',
  openshift_token: 'LITELLM_OPENSHIFT_TOKEN',
  password: 'LITELLM_PASSWORD',
} as const;

function standsThere(name: string, way: keyof typeof PLACES): Problem {
  const message = `${name} is a secret, and everybody who reads the file has it.`;
  const hint = `Write "{{ lookup('env', '${PLACES[way]}') }}" in its place, and set the variable.`;
  return { rule: 'secret', message, hint };
}

function noteHalf({ username, password }: Given, { role, placeOf }: Scope, note: Note): void {
  if (username === undefined && password === undefined) return;
  const [there, missing]: readonly [Variable, Variable] =
    username === undefined ? ['password', 'username'] : ['username', 'password'];
  const message = `${nameOf(role, there)} is not used without ${nameOf(role, missing)}.`;
  const hint = 'Write both into the file, or set LITELLM_USERNAME and LITELLM_PASSWORD.';
  note(placeOf(there), { rule: 'credential', message, hint });
}
