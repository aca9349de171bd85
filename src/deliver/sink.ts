/** What a kind of delivery can do. Each is a file in `sinks/`, which loads its library when it is first needed. */
import type { Place } from '../model/place.ts';
import type { Addressed, Addressee, Handout } from './handout.ts';

/** One key in one place. */
export type Part<K = Handout> = Addressed & {
  readonly key: K;
  /** How the keyring remembers the key in this very place. */
  readonly before: readonly Place[];
};

/** Where something is put. For files, `path` is the absolute path. */
export type Spot = {
  readonly path: string;
  /** The folder that no link may lead out of, where strangers have a say in the path. */
  readonly within: string | null;
};

/** A spot with all the keys that go there, so that it is written once. */
export type Target<K = Handout> = Spot & { readonly parts: readonly Part<K>[] };

/** A key that is gone, where it was. */
export type Left = { readonly key_id: string; readonly place: Place };

/** What stands at a spot. */
export type SpotState = {
  /** Nothing would have to be written. */
  readonly current: boolean;
  /** Of the keys that were asked for, those whose secret is there: its SHA-256 is the key's id. */
  readonly held: ReadonlySet<string>;
};

/** Every method throws `VkeysError` of kind `delivery`, or what the file system says: see `fileError`. */
export type Sink = {
  /** Throws when the keys could not be put there; says whether a file would be made. Changes nothing. */
  check(target: Target): Promise<boolean>;
  /** Where the key goes, for the keyring: found again by it, whatever has become of the spec. Pure. */
  places(part: Part<Addressee>, path: string): readonly Place[];
  /** Reads only. */
  holds(target: Target, key_ids: ReadonlySet<string>): Promise<SpotState>;
  /** Makes the spot hold the keys; says whether that took anything. Convergent: a second time changes nothing. */
  put(target: Target): Promise<boolean>;
  /** Takes the secrets of keys that are gone, known by their hashes; says whether any was there. */
  remove(spot: Spot, left: readonly Left[]): Promise<boolean>;
  /** Makes durable what was put or removed at these paths; answers with what failed, by path. */
  sync(paths: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
};

/** What sinks need of the world. */
export type SinkPorts = {
  /** Does the work as the only one on this machine that changes the file. */
  readonly exclusive: Exclusive;
  readonly run: Run;
};
/** Runs a program without a shell; `null`: it is not there, or did not end. */
export type Run = (command: string, args: readonly string[]) => Promise<{ readonly exitCode: number | null }>;
export type Exclusive = <T>(path: string, work: () => Promise<T>) => Promise<T>;
