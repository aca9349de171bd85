/** What the variables say of the server: how long to wait, whether to trust it, and who we are there. */
import { hold, Secret } from '../../../base/secret.ts';
import type { FileCredential, Spec } from '../../../model/spec.ts';
import type { Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import type { Fail } from './playbook.ts';
import { nameOf, type Role, type Variable } from './roles.ts';
import type { Scope } from './scope.ts';
import { truthOf } from './truth.ts';
import { jsonOf, type Given } from './variables.ts';

type Note = (path: Path, problem: Problem) => void;

/** `file`: where the variables stand, `null` where they only pass through. */
export function serverOf(
  given: Given,
  scope: Scope,
  file: string | null,
  fail: Fail,
  note: Note,
): Pick<Spec, 'timeout' | 'credential'> {
  checkTrust(given, scope, fail, note);
  const credential = credentialOf(given, scope, file, fail, note);
  return { timeout: timeoutOf(given, scope, fail), credential };
}

function timeoutOf({ api_timeout }: Given, scope: Scope, fail: Fail): number | null {
  const seconds = jsonOf(api_timeout?.value ?? null);
  if (typeof seconds === 'number' && seconds > 0 && seconds <= 86_400)
    return scope.own('api_timeout') === null ? null : seconds * 1000;
  const message = `${nameOf(scope.role, 'api_timeout')} has to be a number of seconds, up to 86400.`;
  fail(scope.placeOf('api_timeout'), { rule: 'type', message, hint: 'Write it like 30.' });
  return null;
}

function checkTrust({ verify_ssl }: Given, scope: Scope, fail: Fail, note: Note): void {
  const name = nameOf(scope.role, 'verify_ssl');
  const isChecked = truthOf(verify_ssl?.value ?? true);
  if (isChecked === null) fail(scope.placeOf('verify_ssl'), notTrueOrFalse(name));
  if (isChecked !== false) return;
  const message = `${name} is false, and vkeys checks the certificate all the same.`;
  const hint = 'Give --ca-file with the certificate authority of the server; only if that cannot be, --insecure.';
  note(scope.placeOf('verify_ssl'), { rule: 'insecure', message, hint });
}

export function notTrueOrFalse(name: string): Problem {
  return { rule: 'type', message: `${name} has to be true or false.`, hint: 'Write true or false.' };
}

/** The first that the role would take. */
function credentialOf(given: Given, scope: Scope, file: string | null, fail: Fail, note: Note): FileCredential | null {
  const uses = truthOf(given.use_openshift_token?.value ?? false);
  if (uses === null)
    fail(scope.placeOf('use_openshift_token'), notTrueOrFalse(nameOf(scope.role, 'use_openshift_token')));
  const variable = variableOf(given, uses === true);
  if (variable === null) {
    noteHalf(given, scope, note);
    return null;
  }
  const secret = variable === 'use_openshift_token' ? null : secretIn(variable, given, scope, fail);
  const ofEnvironment = secret === null || given[variable]?.ofEnvironment === true;
  if (secret !== null && !ofEnvironment && file !== null)
    note(scope.placeOf(variable), standsThere(scope.role, variable));
  const url = given.api_url?.value;
  if (typeof url !== 'string') {
    note(scope.placeOf(variable), unused(scope.role, variable));
    return null;
  }
  const source = `${nameOf(scope.role, variable)}${file === null ? '' : ` in ${file}`}`;
  const about = { url, source, ofEnvironment };
  if (secret === null) return variable === 'use_openshift_token' ? { ...about, kind: 'cluster' } : null;
  if (variable === 'master_key') return { ...about, kind: 'master-key', secret };
  if (variable === 'openshift_token') return { ...about, kind: 'openshift', secret };
  return { ...about, kind: 'password', username: String(given.username?.value), password: secret };
}

type Way = 'master_key' | 'openshift_token' | 'use_openshift_token' | 'password';

function variableOf(given: Given, isOfCluster: boolean): Way | null {
  if (given.master_key !== undefined) return 'master_key';
  if (given.openshift_token !== undefined) return 'openshift_token';
  if (isOfCluster) return 'use_openshift_token';
  return given.username === undefined || given.password === undefined ? null : 'password';
}

/** A password may have any characters, a key or token none that a header cannot have. */
function secretIn(variable: Way, given: Given, scope: Scope, fail: Fail): Secret | null {
  const value = given[variable]?.value;
  const text = variable === 'password' ? value : typeof value === 'string' ? value.trim() : value;
  if (typeof text === 'string' && (variable === 'password' || /^[!-~]+$/.test(text))) return hold(new Secret(text));
  const name = nameOf(scope.role, variable);
  const message =
    typeof text === 'string' ? `${name} has characters in it that no key has.` : `${name} has to be text.`;
  const hint = typeof text === 'string' ? 'It is one line without blanks.' : 'Put it in quotes.';
  fail(scope.placeOf(variable), { rule: 'type', message, hint });
  return null;
}

const PLACES: Readonly<Partial<Record<Variable, string>>> = {
  master_key: 'LITELLM_MASTER_KEY',
  openshift_token: 'LITELLM_OPENSHIFT_TOKEN',
  password: 'LITELLM_PASSWORD',
};

function standsThere(role: Role, variable: Way): Problem {
  const message = `${nameOf(role, variable)} is a secret, and everybody who reads the file has it.`;
  const hint = `Write "{{ lookup('env', '${String(PLACES[variable])}') }}" in its place, and set the variable.`;
  return { rule: 'secret', message, hint };
}

function unused(role: Role, variable: Way): Problem {
  const message = `${nameOf(role, variable)} is not used, because the file does not say for which server it is.`;
  return { rule: 'credential', message, hint: `Write ${nameOf(role, 'api_url')} into the same file.` };
}

function noteHalf({ username, password }: Given, scope: Scope, note: Note): void {
  if (username === undefined && password === undefined) return;
  const [there, missing]: readonly [Variable, Variable] =
    username === undefined ? ['password', 'username'] : ['username', 'password'];
  const message = `${nameOf(scope.role, there)} is not used without ${nameOf(scope.role, missing)}.`;
  note(scope.placeOf(there), {
    rule: 'credential',
    message,
    hint: 'Write both into the file, or set the environment.',
  });
}
