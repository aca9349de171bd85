import type * as z from 'zod/mini';
import { described, filled, strict } from '../schema-parts.ts';
import type { DeliveryForm } from './form.ts';
import { lateIn } from './late.ts';

const schema = strict({
  service: described(filled(), 'the name under which programs look for it'),
  account: described(filled(), "whose it is; with {key_alias} or {user}, as an entry is one key's"),
});

export const keychain: DeliveryForm<z.infer<typeof schema>> = {
  about: "the desktop's key store: macOS Keychain, Windows Credential Manager, Secret Service",
  schema,
  delivery: ({ service, account }) =>
    lateIn([service, account], "an entry's name", 'Use {key_alias}, {user} or {key_id}.') ?? {
      to: 'keychain',
      path: `${service}/${account}`,
      service,
      account,
    },
};
