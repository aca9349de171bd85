import type { Json } from '../base/json.ts';
import { type Invalid, refuseInvalid } from './answers.ts';
import type { Call } from './call.ts';

export type Page = { readonly page: number; readonly size: number };

/** The page that a query asks for; `name` is what its size is called, which is 100 at most. */
export function readPage({ server, query }: Pick<Call, 'server' | 'query'>, name: string, size: number): Page {
  const problems = [checkCount(query, 'page', Infinity), checkCount(query, name, 100)].filter(
    (found) => found !== null,
  );
  if (problems.length > 0) throw refuseInvalid(server.facts, problems);
  return { page: Number(query.get('page') ?? 1), size: Number(query.get(name) ?? size) };
}

/** The rows of a page. */
export function cut<R>(rows: readonly R[], { page, size }: Page): R[] {
  return rows.slice((page - 1) * size, page * size);
}

function checkCount(query: URLSearchParams, name: string, most: number): Invalid | null {
  const input = query.get(name);
  if (input === null) return null;
  const where = { loc: ['query', name], input };
  if (!/^[-+]?\d+$/.test(input)) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    return { ...where, type: 'int_parsing', msg };
  }
  if (Number(input) < 1) {
    return { ...where, type: 'greater_than_equal', msg: 'Input should be greater than or equal to 1', ctx: { ge: 1 } };
  }
  if (Number(input) <= most) return null;
  return { ...where, type: 'less_than_equal', msg: `Input should be less than or equal to ${most}`, ctx: { le: most } };
}

/** Prisma's `contains`, which leaves SQL's wildcards in force. */
export function isLike(value: Json | undefined, part: string): boolean {
  if (part === '') return true;
  if (typeof value !== 'string' || part.includes('\\')) return false;
  const pattern = part
    .replaceAll(/[$()*+.?[\]^{|}]/g, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(pattern, 'is').test(value);
}
