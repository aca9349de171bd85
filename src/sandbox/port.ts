import type { Fetch } from '../litellm/http/fetch.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox as the port through which the client sends: nothing leaves the process. */
export function sandboxFetch(sandbox: Sandbox): Fetch {
  return (url, { method, headers, body = '' }) => {
    const { pathname, search } = new URL(url);
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = sandbox.handle({ method, path: `${pathname}${search}`, headers: lower, body });
    const find = (name: string): string | null => answer.headers[name.toLowerCase()] ?? null;
    const cookie = find('set-cookie');
    return Promise.resolve({
      status: answer.status,
      headers: { get: find, getSetCookie: () => (cookie === null ? [] : [cookie]) },
      text: () => Promise.resolve(answer.body),
    });
  };
}
