import type { CredentialFlags } from '../auth/credential.ts';
import type { KeyringFlags } from './keyrings.ts';
import type { Ref } from '../model/ref.ts';
import type { MaxDeletions } from '../plan/guard.ts';
import type { RotationChoice } from '../plan/rotation.ts';

/** For each request, where neither a flag nor a spec says another. */
export const DEFAULT_TIMEOUT = 30_000;

/** How to reach a server, and who we are there. Times are in milliseconds. */
export type ConnectOptions = CredentialFlags & {
  readonly url?: string | undefined;
  readonly profile?: string | undefined;
  readonly timeout?: number | undefined;
  readonly deadline?: number | undefined;
  readonly concurrency: number;
  readonly caFile?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly header: Readonly<Record<string, string>>;
  readonly keyHeader?: string | undefined;
  readonly sandbox?: boolean | undefined;
};

/** What a run is to do with its specs. */
export type SpecOptions = {
  /** Delete own keys that the spec does not mention. */
  readonly prune: boolean;
  /** Take over foreign keys under wanted names. */
  readonly adopt: boolean;
  /** Say whose things are, and change nothing else. */
  readonly marksOnly?: boolean | undefined;
  /** Make keys anew that vanished from the server, however many. */
  readonly recreate: boolean;
  /** Read everything that the server has. */
  readonly scan: boolean;
  /** Leaves all other names out. */
  readonly only: (ref: Ref) => boolean;
  /** Things of others may go with what is deleted. */
  readonly cascade: boolean;
  /** How many may be pruned; `null` is the usual. */
  readonly maxDeletions: MaxDeletions | null;
  /** Which keys get new secrets; those that are due unless it is given. */
  readonly rotation?: RotationChoice;
  /** Nothing but that is done. */
  readonly rotatesOnly?: boolean;
  /** Look whether the server offers the models. */
  readonly modelCheck: boolean;
};

/** What `apply` and `plan` are told. */
export type RunOptions = ConnectOptions &
  KeyringFlags &
  SpecOptions & {
    /** The report has new keys in full, so that they need not be kept anywhere else. */
    readonly printsKeys?: boolean | undefined;
    /** Nothing says where keys belong: what is handed out stays. */
    readonly keepsPlaces?: boolean | undefined;
  };
