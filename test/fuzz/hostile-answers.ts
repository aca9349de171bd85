/** What a hostile server may answer: adding one is a line. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { MASTER_KEY } from '../support/run.ts';
import type { Answer } from './hostile-server.ts';

const MEGABYTE = 1024 * 1024;
const raw =
  (body: string | Buffer, status = 200, headers = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
const json = (value: unknown, status = 200, headers = {}): Answer => raw(JSON.stringify(value), status, headers);
const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const row = (fields: object = {}): object => ({
  token: hashOf('ada'),
  key_alias: 'ada',
  key_name: 'sk-...wXyZ',
  spend: 0,
  models: [],
  metadata: {},
  ...fields,
});
const page = (keys: readonly unknown[], fields: object = {}): object => ({
  keys,
  total_count: keys.length,
  total_pages: 1,
  current_page: 1,
  ...fields,
});
const error = (message: string, type = 'internal_error'): object => ({
  error: { message, type, param: null, code: '500' },
});

const ESCAPES =
  'evil\u001B[2J\u001B]52;c;eA==\u0007\u001B]8;;http://x\u001B\\\u009B31m\r\nnext\u202E\u2066\u2028\u{E0041}\0';

/** Without end, as fast as the client takes it. */
function pour(response: NodeJS.WritableStream, piece: string): void {
  const more = (): void => {
    while (response.writable && response.write(piece));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
}

/** The route, the answer, a command, and how that ends: its exit code and what it says. */
export type Row = readonly [
  what: string,
  route: string,
  answer: Answer,
  command: string,
  code: number,
  said: string | RegExp,
];

// oxfmt-ignore
export const TABLE: readonly Row[] = [
  ['text where numbers should be', '/key/list', json(page([], { total_count: 'NaN' })), 'list', 1, 'not one of LiteLLM'],
  ['a number beyond all numbers', '/key/list', raw('{"keys": [], "total_count": 1e400, "total_pages": 1}'), 'list', 1, 'not one of LiteLLM'],
  ['negative totals', '/key/list', json(page([row()], { total_count: -1, total_pages: -9 })), 'list', 0, 'ada'],
  ['halves of pages', '/key/list', json(page([row()], { total_pages: 1.5 })), 'list', 0, 'ada'],
  ['a thousand million pages', '/key/list', json(page([], { total_pages: 1e9 })), 'list', 0, ''],
  ['pages without end', '/key/list', json(page([row()], { total_count: 5e4, total_pages: 500 })), 'list', 0, 'ada'],
  ['one page more with every request', '/key/list', (response, request, number) => json(page([row({ token: hashOf(String(number)) })], { total_count: number + 1, total_pages: number + 1 }))(response, request, number), 'list', 0, 'ada'],
  ['one key a hundred times', '/key/list', json(page(Array.from({ length: 100 }, () => row()))), 'list', 0, /^ada[^]*(?!ada)/],
  ['rows that are no rows', '/key/list', json(page([null, 1, 'x', []])), 'list', 1, 'not one of LiteLLM'],
  ['a hash that is a path', '/key/list', json(page([row({ token: '../../etc/passwd' })])), 'list', 1, 'no hash'],
  ['aliases that move the cursor', '/key/list', json(page([row({ key_alias: ESCAPES, user_id: ESCAPES, models: [ESCAPES], metadata: { [ESCAPES]: ESCAPES } })])), 'list', 0, 'evil'],
  ['an alias of 10,000 characters', '/key/list', json(page([row({ key_alias: 'x'.repeat(10_000) })])), 'list', 0, 'xxx'],
  ["prototypes' members", '/key/list', raw(JSON.stringify(page([row()])).replace('"metadata":{}', '"metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"__proto__":{"polluted":1}')), 'list', 0, 'ada'],
  ['a whole secret as its name', '/key/list', json(page([row({ key_name: 'sk-somebody-elses-0123456789' })])), 'list', 0, 'sk-[secret]'],
  ['moments beyond all calendars', '/key/list', json(page([row({ expires: '+275760-09-13T00:00:00Z', created_at: '-271821-04-20T00:00:00Z', max_budget: 5, metadata: { vkeys: { set: 'ws' } }})])), 'plan -f spec.yaml', 0, 'as the spec says'],
  ['a clock beyond all calendars', '/key/list', json(page([]), 200, { date: 'Sat, 13 Sep 275760 00:00:00 GMT' }), 'apply -f spec.yaml --yes', 0, 'Applied'],
  ['brackets without end', '/key/list', raw('['.repeat(7 * MEGABYTE)), 'list', 1, 'too many lists'],
  ['a million empty lists', '/key/list', raw(`[${'[],'.repeat(1_000_000)}1]`), 'list', 1, 'too many lists'],
  ['a body without end', '/key/list', (response) => pour(response, 'x'.repeat(65_536)), 'list', 1, 'more than 8 MB'],
  ['a bomb of gzip', '/key/list', raw(gzipSync(Buffer.alloc(20 * MEGABYTE, '[')), 200, { 'content-encoding': 'gzip' }), 'list', 1, 'not JSON'],
  ['a drip', '/key/list', (response) => { const drip = setInterval(() => response.write(' '), 20); response.on('close', () => clearInterval(drip)); }, 'list', 1, /in time|within|deadline/],
  ['no answer', '/key/list', () => undefined, 'list', 1, /in time|within|deadline/],
  ['a header without end', '/key/list', (response) => pour(response.socket ?? response, `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(65_536)}`), 'list', 1, 'headers without end'],
  ['promises of an answer without end', '/key/list', (response) => pour(response.socket ?? response, 'HTTP/1.1 102 Processing\r\n\r\n'), 'list', 1, ''],
  ['no HTTP', '/key/list', (response) => response.socket?.end('220 smtp.example.com ESMTP\r\n'), 'list', 1, /does not speak HTTP|cut/],
  ['a wait of thirty years', '/key/list', json(error('later'), 429, { 'retry-after': '1e9' }), 'list', 1, /deadline|later/],
  ['our own credential in an error', '/key/list', json(error(`bad ${MASTER_KEY}`, MASTER_KEY), 500), 'list -o json', 1, 'bad [secret]'],
  ["somebody's secret in an error", '/key/list', json(error('key sk-somebody-elses-0123456789'), 500), 'list', 1, 'sk-[secret]'],
  ['an error that moves the cursor', '/key/list', json(error(ESCAPES, ESCAPES), 500), 'list -o json', 1, 'evil'],
  ['an error page of brackets', '/key/list', raw('<'.repeat(7 * MEGABYTE), 500), 'list', 1, '500'],
  ['an error of half tokens', '/key/list', json(error('eyJ'.repeat(2 * MEGABYTE)), 500), 'list', 1, '500'],
  ['an error of styles', '/key/list', raw('<style>'.repeat(MEGABYTE), 500), 'list', 1, '500'],
  ['a refusal that moves the cursor', '/key/list', json(error(ESCAPES, 'auth_error'), 401), 'list', 4, 'evil'],
  ['another secret than was sent', '/key/generate', json({ key: 'sk-not-what-we-sent-0123456789', token: hashOf('x') }), 'apply -f spec.yaml --yes', 1, ''],
  ['a secret of two lines', '/key/generate', json({ key: 'sk-1\r\nx: y' }), 'apply -f spec.yaml --yes', 1, ''],
  ['a refusal to create, with a secret', '/key/generate', json(error('no: sk-somebody-elses-0123456789'), 400), 'apply -f spec.yaml --yes', 1, 'sk-[secret]'],
  ['a creation that is none', '/key/generate', json([]), 'apply -f spec.yaml --yes', 1, ''],
  ["models' names that move the cursor", '/v1/models', json({ data: [{ id: ESCAPES }] }), 'models', 0, 'evil'],
  ['models without names', '/v1/models', json({ data: [{ id: 7 }] }), 'models', 1, 'not one of LiteLLM'],
  ['a version that moves the cursor', '/health/readiness', json({ status: ESCAPES, db: ESCAPES, litellm_version: ESCAPES }), 'doctor', 0, ''],
  ['an identity that moves the cursor', '/key/info', json({ info: { user_id: ESCAPES, key_alias: ESCAPES } }), 'auth status', 0, ''],
];
