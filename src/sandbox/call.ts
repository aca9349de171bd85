import type { JsonObject } from '../base/json.ts';
import type { Caller } from './auth.ts';
import type { Server } from './state.ts';

/** One request on its way through a handler. `route` is its path without the query. */
export type Call = {
  readonly server: Server;
  readonly route: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: JsonObject;
  readonly caller: Caller;
};
