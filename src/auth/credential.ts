import type { Stuck } from '../base/modes.ts';
import type { Secret } from '../base/secret.ts';
import type { Profile } from './profiles.ts';
import type { ProgramEnd } from './run.ts';

/** What the user may ask for; `auto` never sends a cluster token, because nobody named this server for it. */
export const AUTH_KINDS = ['auto', 'master-key', 'openshift', 'login'] as const;
export type AuthKind = (typeof AUTH_KINDS)[number];

/** What goes on the wire, and where it came from: `LITELLM_MASTER_KEY`, `profile work`, `oc whoami -t`. */
export type Credential = {
  readonly kind: 'master-key' | 'openshift' | 'login';
  readonly source: string;
  readonly secret: Secret;
};

/** A username and password, which `logIn` turns into a `Credential`. */
export type Password = {
  readonly kind: 'password';
  readonly source: string;
  readonly username: string;
  readonly password: Secret;
};

/** A source that was looked at, and in words what was there: `not set`, `used`. */
export type Looked = { readonly source: string; readonly state: string };

/** A credential, all that was looked at for it, and what the user should hear about how it is kept. */
export type ChosenCredential = {
  readonly credential: Credential | Password;
  readonly looked: readonly Looked[];
  readonly notices: readonly string[];
};

/** What the command line says of a credential. */
export type CredentialFlags = {
  readonly auth?: AuthKind | undefined;
  readonly masterKey?: string | undefined;
  readonly masterKeyFile?: string | undefined;
  readonly masterKeyStdin?: boolean | undefined;
  readonly masterKeyCommand?: string | undefined;
  readonly openshiftTokenFile?: string | undefined;
  readonly username?: string | undefined;
};

/** Where a credential is to be looked for. */
export type Search = CredentialFlags & {
  readonly profile: NamedProfile | null;
  readonly file?: CredentialOfFile | null;
};

/** What the file that names the server has for it. `cluster`: that of whoever is logged in; `other`: it is for another server. */
export type CredentialOfFile =
  | Credential
  | Password
  | { readonly kind: 'cluster'; readonly source: string }
  | { readonly kind: 'other'; readonly source: string; readonly url: string };

/** `asked`: named by `--profile`, and so a flag, which wins over the environment. */
export type NamedProfile = {
  readonly name: string;
  readonly asked: boolean;
  readonly profile: Profile;
  /** Why others can read it, where nobody can close it. */
  readonly shared: Stuck | null;
};

/** A file's text; `shared`: other users of this machine can read it, until its owner closes it or for good. */
export type SecretFile = { readonly text: string; readonly shared: null | 'closable' | Stuck };

export type Ports = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `null`: no such file. */
  readonly readFile: (path: string) => Promise<SecretFile | null>;
  readonly readStdin: () => Promise<string>;
  /** Runs a program without a shell. */
  readonly run: (command: string, args: readonly string[]) => Promise<ProgramEnd>;
  readonly now: () => Date;
};
