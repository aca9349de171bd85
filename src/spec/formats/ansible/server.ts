/** What the variables say of requests to the server: how long to wait, and whether to trust it. */
import type { Fail, Note } from './playbook.ts';
import { nameOf } from './roles.ts';
import type { Scope } from './scope.ts';
import { notTrueOrFalse, truthOf } from './truth.ts';
import { jsonOf, valueIn, type Given } from './variables.ts';

/** In milliseconds; `null` where the file does not say it. */
export function timeoutOf(given: Given, scope: Scope, fail: Fail): number | null {
  const seconds = jsonOf(valueIn(given, 'api_timeout'));
  if (typeof seconds === 'number' && seconds > 0 && seconds <= 86_400)
    return scope.own('api_timeout') === null ? null : seconds * 1000;
  const message = `${nameOf(scope.role, 'api_timeout')} has to be a number of seconds, up to 86400.`;
  fail(scope.placeOf('api_timeout'), { rule: 'type', message, hint: 'Write it like 30.' });
  return null;
}

/** What a file says must not be enough to send a credential to whoever answers. */
export function checkTrust(given: Given, scope: Scope, fail: Fail, note: Note): void {
  const name = nameOf(scope.role, 'verify_ssl');
  const isChecked = truthOf(valueIn(given, 'verify_ssl'));
  if (isChecked === null) fail(scope.placeOf('verify_ssl'), notTrueOrFalse(name));
  if (isChecked !== false) return;
  const message = `${name} is false, and vkeys checks the certificate all the same.`;
  const hint = 'Give --ca-file with the certificate authority of the server; only if that cannot be, --insecure.';
  note(scope.placeOf('verify_ssl'), { rule: 'insecure', message, hint });
}
