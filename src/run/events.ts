import type { VkeysError } from '../base/errors.ts';
import type { Trace } from '../litellm/http/request.ts';
import type { Kind } from '../model/ref.ts';

/** What happens during a run, for who watches. Words are the listener's. */
export type RunEvent =
  /** Another run works on the set, and is waited for. */
  | { readonly is: 'locked'; readonly set: string; readonly holder: string }
  /** A request is put off for seconds. */
  | { readonly is: 'waiting'; readonly error: VkeysError }
  /** Certificates are not checked. */
  | { readonly is: 'insecure' }
  /** How the credential is kept, or where it may be seen. */
  | { readonly is: 'credential'; readonly notice: string }
  /** The address that was given has more than an address in it, and was cut to this. */
  | { readonly is: 'cut-address'; readonly given: string; readonly url: string }
  /** The keyring could not be shortened. */
  | { readonly is: 'keyring'; readonly error: VkeysError }
  /** So many of so many are done, or, of what is listed, seen; `of`: of what, unless it is keys: a kind, or places. */
  | { readonly is: 'progress'; readonly done: number; readonly total: number; readonly of?: Kind }
  /** The first Ctrl-C, while something is being changed. */
  | { readonly is: 'stopping' }
  | { readonly is: 'request'; readonly trace: Trace };

export type Listener = (event: RunEvent) => void;
