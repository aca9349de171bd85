/** Whose the least credential is, and whether a server holds it to its routes. */
import { VkeysError } from '../base/errors.ts';
import { isOlder } from '../base/version.ts';
import { oneLine } from '../encode/terminal.ts';
import { listAdmins } from '../litellm/admins.ts';
import { readHealth } from '../litellm/health.ts';
import { ROUTES_SINCE } from '../litellm/routes.ts';
import { withSessions, type Context } from './open.ts';

/** The proxy_admin whose key it is to be: the one that is named, or the only one. Throws `refused` and `usage`. */
export async function delegatingUser(context: Context, named: string | undefined): Promise<string> {
  return withSessions(context, async (sessions) => {
    const { connection } = await sessions.open(null);
    const { version } = await readHealth(connection);
    if (version !== null && isOlder(version, ROUTES_SINCE)) throw unheld(version);
    const admins = [...(await listAdmins(connection))]
      .flatMap(([id, role]) => (role === 'proxy_admin' ? [id] : []))
      .toSorted();
    const found = named === undefined ? admins : admins.filter((id) => id === named);
    const [first, ...others] = found;
    if (first === undefined) throw named === undefined ? noAdmin() : notAdmin(named);
    if (others.length === 0) return first;
    const hint = `Name one of them: --user ${first}`;
    throw new VkeysError(
      'usage',
      `There are several users who are proxy_admin: ${found.map(oneLine).join(', ')}.`,
      hint,
    );
  });
}

function unheld(version: string): VkeysError {
  return new VkeysError(
    'refused',
    `LiteLLM ${oneLine(version)} holds no key to its routes, so a key of a proxy_admin could do everything. No key was made.`,
    `LiteLLM ${ROUTES_SINCE} and later do. Here there is no smaller credential than the master key.`,
  );
}

function noAdmin(): VkeysError {
  return new VkeysError(
    'refused',
    'There is no user who is proxy_admin, and such a key has to be of one. No key was made.',
    'Make one: vkeys user create vkeys-admin --user-role proxy_admin',
  );
}

function notAdmin(name: string): VkeysError {
  return new VkeysError(
    'refused',
    `The user ${oneLine(name)} is not proxy_admin here, and the key of another could not manage keys. No key was made.`,
    `Make it one: vkeys user update ${oneLine(name)} --user-role proxy_admin; or a new one: vkeys user create NAME --user-role proxy_admin`,
  );
}
