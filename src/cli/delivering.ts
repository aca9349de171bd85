import type { VkeysError } from '../errors.ts';
import { apiBaseUrl } from '../litellm/url.ts';
import type { Delivery, Notice } from '../reconcile/model.ts';
import type { Deliverer, Known } from '../reconcile/ports.ts';
import type { Handout } from '../deliver/handout.ts';

type Delivering = {
  readonly deliverer: Deliverer;
  /** The files that were written. */
  readonly written: () => readonly string[];
  readonly notices: () => readonly Notice[];
};

/** The spec's deliveries, as apply needs them. The sandbox's keys are worth nothing, so they overwrite nothing. */
export function makeDeliverer(
  deliveries: readonly Delivery[],
  set: string,
  url: string,
  isSandbox: boolean,
): Delivering {
  const written: string[] = [];
  const notices: Notice[] = [];
  const to = { api_endpoint: url, api_base_url: apiBaseUrl(url) };
  if (deliveries.length === 0 || isSandbox) {
    return {
      deliverer: { deliver: () => Promise.resolve(new Map()), withdraw: () => Promise.resolve() },
      written: () => [],
      notices: () => (deliveries.length === 0 ? [] : [SANDBOX]),
    };
  }
  const deliverer: Deliverer = {
    deliver: async (known) => {
      if (known.length === 0) return new Map();
      const { deliver } = await import('../deliver/deliver.ts');
      const done = await deliver(
        deliveries,
        known.map((each) => handoutOf(each, set)),
        to,
      );
      written.push(...done.written);
      return new Map(
        done.failed.flatMap(({ key_aliases, error }): [string, VkeysError][] =>
          key_aliases.map((alias) => [alias, error]),
        ),
      );
    },
    withdraw: async (gone) => {
      if (gone.length === 0) return;
      const { withdraw } = await import('../deliver/withdraw.ts');
      const done = await withdraw(
        deliveries,
        gone.flatMap(({ desired, live, secret }) => {
          const key_alias = live.key_alias ?? live.key_id;
          return [
            { placeholders: desired?.placeholders ?? { key_alias, set }, key_alias, key_id: live.key_id, secret },
          ];
        }),
        to,
      );
      for (const { path, error } of done.failed) {
        notices.push({
          code: 'delivery',
          key_alias: null,
          message: `${path} still has a deleted key: ${error.message}`,
          hint: error.hint,
        });
      }
    },
  };
  return { deliverer, written: () => written, notices: () => notices };
}

const SANDBOX: Notice = {
  code: 'delivery',
  key_alias: null,
  message: 'The sandbox delivers nothing: its keys are gone with this command.',
  hint: null,
};

function handoutOf({ desired, live, secret }: Known, set: string): Handout {
  const { user_id, models, max_budget } = live.settings;
  return {
    placeholders: { set, ...desired.placeholders },
    key_alias: desired.key_alias,
    user: desired.user,
    user_id: typeof user_id === 'string' ? user_id : null,
    key_id: live.key_id,
    secret,
    expires: live.expires,
    models: Array.isArray(models) ? models.map(String) : [],
    max_budget: typeof max_budget === 'number' ? max_budget : null,
  };
}
