import type { Profiles } from '../auth/profiles.ts';
import type { JsonObject } from '../base/json.ts';

/** A saved connection, as a program reads it. `credential`: its kind. */
export type ProfileRow = JsonObject & {
  readonly name: string;
  readonly url: string;
  readonly credential: string | null;
  readonly current: boolean;
};

export function profileRows({ current, profiles: all }: Profiles): readonly ProfileRow[] {
  return Object.entries(all).map(([name, { url, credential }]) => ({
    name,
    url,
    credential: credential?.kind ?? null,
    current: name === current,
  }));
}
