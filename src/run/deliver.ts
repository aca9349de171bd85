import type { VkeysError } from '../base/errors.ts';
import { apiBaseUrl } from '../litellm/http/url.ts';
import type { Action, Delivery, Notice, Plan, Spec } from '../model/model.ts';
import type { Deliverer, KeyringState, Known } from '../apply/ports.ts';
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
      deliverer: { deliver: () => Promise.resolve(new Map()), withdraw: () => Promise.resolve(new Set<string>()) },
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
      if (gone.length === 0) return new Set();
      const { withdraw } = await import('../deliver/withdraw.ts');
      const done = await withdraw(
        deliveries,
        gone.map(({ desired, key_alias, key_id, secret }) => ({
          placeholders: desired?.placeholders ?? { key_alias, set },
          key_alias,
          key_id,
          secret,
        })),
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
      return new Set(done.failed.flatMap(({ key_aliases }) => key_aliases));
    },
  };
  return { deliverer, written: () => written, notices: () => notices };
}

/** Keys whose hand-outs nobody here can make, because their secrets were made elsewhere or are forgotten. */
export function unknownSecrets({ changes }: Plan, { entries }: KeyringState): readonly Notice[] {
  const unknown = changes.filter(
    ({ action, live }) => STANDING.has(action) && live !== null && !entries.has(live.key_id),
  );
  const [first] = unknown;
  if (first === undefined) return [];
  const names = unknown.length === 1 ? first.key_alias : `${first.key_alias} and ${String(unknown.length - 1)} more`;
  return [
    {
      code: 'secret_unknown',
      key_alias: null,
      message: `The keyring of this machine does not have the secret of ${names}, so no hand-out was made or checked.`,
      hint: 'Run vkeys where the keys were made; or replace them: delete them, then apply again.',
    },
  ];
}

/** The hand-outs that apply would write although their keys stay as they are: somebody lost or changed them. */
export async function undeliveredNotices(
  spec: Spec,
  { changes }: Plan,
  { entries }: KeyringState,
  url: string,
): Promise<readonly Notice[]> {
  const known = changes.flatMap(({ action, desired, live }): Known[] => {
    const entry = live === null ? undefined : entries.get(live.key_id);
    return STANDING.has(action) && desired !== null && live !== null && entry !== undefined
      ? [{ desired, live, secret: entry.secret }]
      : [];
  });
  if (known.length === 0 || spec.deliver.length === 0) return [];
  const { undelivered } = await import('../deliver/deliver.ts');
  const paths = await undelivered(
    spec.deliver,
    known.map((each) => handoutOf(each, spec.set)),
    { api_endpoint: url, api_base_url: apiBaseUrl(url) },
  );
  return paths.map((path) => ({
    code: 'delivery',
    key_alias: null,
    message: `${path} would be written again.`,
    hint: null,
  }));
}

const STANDING: ReadonlySet<Action> = new Set(['noop', 'update', 'adopt']);

const SANDBOX: Notice = {
  code: 'delivery',
  key_alias: null,
  message: 'The sandbox delivers nothing: its keys are gone with this command.',
  hint: null,
};

function handoutOf({ desired, live, secret }: Known, set: string): Handout {
  const { user_id } = live.settings;
  return {
    placeholders: { set, ...desired.placeholders },
    key_alias: desired.key_alias,
    user: desired.user,
    user_id: typeof user_id === 'string' ? user_id : null,
    key_id: live.key_id,
    secret,
    expires: live.expires,
  };
}
