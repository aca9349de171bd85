import { oneLine } from '../encode/terminal.ts';
import { isSecret, templatesOf, type Delivery } from '../model/delivery.ts';
import type { Notice } from '../model/plan.ts';
import type { Addressed } from './handout.ts';

/** Tells, once for each, the addresses in hand-outs that those who get them may not reach. */
export function addressNotices(deliveries: readonly Addressed[]): readonly Notice[] {
  const told = new Map<string, string>();
  for (const { delivery, to } of deliveries) {
    const whose = reachOf(to.api_endpoint);
    if (whose === null || (whose === IN_CLUSTER && isSecret(delivery))) continue;
    if (carriesAddress(delivery)) told.set(to.api_endpoint, whose);
  }
  return [...told].map(([url, whose]) => ({
    code: 'delivery',
    ref: null,
    message: `The hand-outs carry the address ${oneLine(url)}, which ${whose}.`,
    hint: 'Say which one the users have: server: {public_url: https://…}, or address: beside the delivery.',
  }));
}

/** Lists of keys say the address, unless they have columns without it. */
function carriesAddress(delivery: Delivery): boolean {
  const templates = templatesOf(delivery);
  if (templates.length > 0) return /\{api_(?:base_url|endpoint)\}/.test(templates.join(' '));
  return delivery.to !== 'csv' || (delivery.columns?.some((name) => name.startsWith('api_')) ?? true);
}

/** Who reaches a host, where that is not everybody; `null`: nothing speaks against it. As URLs write hosts. */
export function reachOf(url: string): string | null {
  const host = new URL(url).hostname.replace(/\.$/, '');
  return RULES.find(([pattern]) => pattern.test(host))?.[1] ?? null;
}

/** So do those that read a Secret of it. */
const IN_CLUSTER = 'only programs in the same cluster reach';

const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:localhost|.*\.localhost|127\..*|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:.*\])$/,
    'is only this machine (loopback)',
  ],
  [/\.svc(?:\.cluster\.local)?$/, IN_CLUSTER],
  [/\.(?:local|internal)$/, 'only your own network reaches'],
  [
    /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)(?:\.\d+)+$/,
    'only your own network reaches (a private address)',
  ],
  [/^\[(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/, 'only your own network reaches (a private address)'],
  [/^[^.[\]]+$/, 'only your own network reaches (a name without a domain)'],
];
