import type { Kind } from './ref.ts';
import type { Live } from './resource.ts';

/** What of a kind a run has to know about. */
export type Wanted = {
  /** Those that it knows: each that the server has is found, however that has to be asked. */
  readonly ids: readonly string[];
  /** Names that it would give: everything under one of them is found. */
  readonly names: readonly string[];
  /** Everything that the server has. */
  readonly all: boolean;
  /** The `key_name`s of those ids whose secrets are known: servers have answers in which a key is named by nothing else. */
  readonly masks?: ReadonlyMap<string, string>;
  /** Which others are of interest, where everything is read; all of them unless it is given. */
  readonly keep?: (live: Live) => boolean;
};

/** What the server has of one kind, at one moment of its own clock (its `Date` header): at least what was wanted. */
export type Survey = {
  readonly kind: Kind;
  readonly lives: readonly Live[];
  readonly now: Date;
  /** Whether this is everything of the kind, apart from single odd ones that `gaps` names. */
  readonly complete: boolean;
  /** The server showed less than it says that it has, so that nothing may be concluded from what is not here; `gaps` says it in words. */
  readonly isShort: boolean;
  /** The fields that this server's rows have; `null` while no row was seen. */
  readonly listed: ReadonlySet<string> | null;
  /** The id of a `vkeys sandbox`; `null` for a server that lasts. */
  readonly sandbox: string | null;
  /** What could not be read, in words. */
  readonly gaps: readonly string[];
};

/** Where nothing of a kind was looked for. */
export function emptySurvey(kind: Kind, now: Date): Survey {
  return { kind, lives: [], now, complete: true, isShort: false, listed: null, sandbox: null, gaps: [] };
}

/** What the server has, kind by kind. */
export type Surveys = ReadonlyMap<Kind, Survey>;
