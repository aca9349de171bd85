import { hold, Secret } from '../../base/secret.ts';

/** A token and a certificate (PEM), either of which may be missing. */
export type Identity = { readonly token: Secret | null; readonly cert: string | null; readonly key: string | null };

/** What to show to the cluster. `isRefused`: it did not take what it was shown before. Files are read each time: tokens rotate. */
export type Account = (isRefused: boolean) => Promise<Identity>;

/** A token, which no message will have. */
export function tokenOf(text: string): Secret {
  return hold(new Secret(text.trim()));
}
