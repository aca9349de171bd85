/** What a kind of delivery can do. Each is a file in `sinks/`, which loads its library when it is first needed. */
import type { JsonObject } from '../base/json.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Place } from '../model/place.ts';
import type { Addressee, Handout, Located } from './handout.ts';

/** One key in one place. */
export type Part<K = Handout> = Located & {
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

/** A key that is not to be there any more. `isLive`: it has only moved, so its secret opens something still. */
export type Left = { readonly key_id: string; readonly place: Place; readonly isLive?: boolean };

/** A key that is looked for at a spot, and how the keyring remembers it there; `detail`: as it would be remembered now. */
export type Sought = {
  readonly key_id: string;
  readonly before: readonly Place[];
  readonly detail?: JsonObject | null;
};

/** What stands at a spot. */
export type SpotState = {
  /** Nothing would have to be written. */
  readonly current: boolean;
  /**
   * Of the keys that were asked for, those whose secret is there: its SHA-256 is the key's id. `null`: nobody can read it
   * there, such as what is encrypted for somebody else.
   */
  readonly held: ReadonlySet<string> | null;
  /** Whether there is anything; `null`: nobody can tell. */
  readonly isThere: boolean | null;
};

/**
 * What putting took. `proof`: by what the sink will know its own writing, where it cannot read it again: the keyring keeps
 * it with the place, as `Place.proof`.
 */
export type Written = { readonly changed: boolean; readonly proof?: string };

/** Every method throws `VkeysError` of kind `delivery`, or what the file system says: see `fileError`. */
export type Sink = {
  /** Where its places are: files, something else of this machine, or where any machine reaches them. */
  readonly on: 'disk' | 'machine' | 'network';
  /** What the delivery's places are called, a template: the delivery's own path, or with the address that it is at. */
  pathOf(delivery: Delivery): Promise<string>;
  /** The spot of one key. Throws where its names would choose another place than the template does. Pure. */
  spot(template: string, names: Readonly<Record<string, string>>, key_alias: string): Spot;
  /** Throws when the keys could not be put there; says whether something would be made anew. Changes nothing. */
  check(target: Target): Promise<boolean>;
  /** What the keyring remembers besides the path, to find the key there whatever has become of the spec. Pure. */
  detail(part: Part<Addressee>): JsonObject | null;
  /** Reads only. `parts` are compared, `sought` are looked for. */
  holds(target: Target, sought: readonly Sought[]): Promise<SpotState>;
  /** Makes the spot hold the keys. Convergent: a second time changes nothing. */
  put(target: Target): Promise<Written>;
  /**
   * Takes the secrets of keys that are gone, known by their hashes; says whether any was there. `kept`: its places of keys that
   * stay, for what cannot read whose secret it would take.
   */
  remove(spot: Spot, left: readonly Left[], kept: readonly Place[]): Promise<boolean>;
  /** Makes durable what was put or removed at these paths; answers with what failed, by path. */
  sync(paths: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Whether only a person can take the key away there, so that `remove` does nothing. */
  readonly stays?: (place: Place) => boolean;
  /** The places that are there, of those that a template may stand for. Files are found without it. */
  readonly like?: (template: string) => Promise<readonly string[]>;
};

/** What sinks need of the world. */
export type SinkPorts = {
  /** Does the work as the only one on this machine that changes the file. */
  readonly exclusive: Exclusive;
  readonly run: Run;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's folder, where programs keep their settings; `null`: there is none. */
  readonly home: string | null;
  readonly connect: Connect;
  readonly keychain: Keychain;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

/** What a program is given besides its arguments. */
export type RunInput = {
  readonly stdin?: string;
  /** What it can read at descriptor 3. */
  readonly fd3?: string;
  /** Variables beside those of this process; `undefined`: without this one of them. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder that it runs in. */
  readonly folder?: string;
  /** Milliseconds. */
  readonly patience?: number;
};
/** Runs a program without a shell. `exitCode` is `null` where it is not there (`stderr` is empty), or did not end. */
export type Run = (command: string, args: readonly string[], input?: RunInput) => Promise<Ended>;
export type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };
export type Exclusive = <T>(path: string, work: () => Promise<T>) => Promise<T>;

/** An entry of the desktop's key store. Throws `delivery` where there is none. */
export type Keychain = (service: string, account: string) => Promise<KeychainEntry>;
export type KeychainEntry = {
  /** `null`: there is none. */
  get(): Promise<string | null>;
  set(password: string): Promise<void>;
  /** Says whether there was one. */
  remove(): Promise<boolean>;
};

/** Certificates (PEM) beside those of the system, and our own. */
export type Trust = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
};
/** A way to a server; throws `delivery` where it is not reached. Answers of any status come back. */
export type Connect = (trust: Trust) => Http;
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;
export type HttpRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};
export type HttpAnswer = { readonly status: number; readonly text: string };
