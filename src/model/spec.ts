import type { Secret } from '../base/secret.ts';
import type { Delivery } from './delivery.ts';
import type { Desired, Origin } from './resource.ts';

/**
 * A credential that a file has, or says where to find, for the server at `url`, which the same file names, and for no
 * other. `source`: what to call it. `ofEnvironment`: it is no secret of the file's, but of whoever runs vkeys.
 */
export type FileCredential = { readonly url: string; readonly source: string; readonly ofEnvironment: boolean } & (
  | { readonly kind: 'master-key' | 'openshift'; readonly secret: Secret }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
);

/** What one file, or several that name the same set, ask for. */
export type Spec = {
  readonly set: string;
  /** Whether every one of them writes `set:`. A set that has its name from a file's belongs to whoever has such a file. */
  readonly isNamed: boolean;
  /** Their absolute paths, without stdin. */
  readonly files: readonly string[];
  readonly url: string | null;
  /** The server's address as users of the keys reach it; `null`: the same. */
  readonly publicUrl: string | null;
  /** Of which of the user's saved connections it speaks: `namespace/name`, or the name alone; `null`: of none. */
  readonly profile: string | null;
  /** For each request, in milliseconds; `null`: the usual. */
  readonly timeout: number | null;
  readonly credential: FileCredential | null;
  readonly state: 'present' | 'absent';
  /** Owns what it names, as if `--adopt` were given. */
  readonly adopt: boolean;
  readonly desired: readonly Desired[];
  readonly deliver: readonly Delivery[];
  /** The variables of an Ansible role's users, where the file had them: what `-o ansible` reports. */
  readonly ansible: {
    readonly duration: string;
    readonly models: readonly string[];
    readonly user_count: number | null;
  } | null;
};

/** A problem of a spec, with its place. `rule` is stable. */
export type Diagnostic = {
  readonly origin: Origin;
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
  /** The lines around it, with a caret. */
  readonly frame: string;
};
