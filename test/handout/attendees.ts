/** Attendees of a workshop, and the page that they get. */
import { Secret } from '../../src/base/secret.ts';
import type { Attendee, Style } from '../../src/handout/attendee.ts';
import { letterOf } from '../../src/handout/attendee.ts';
import { close } from '../../src/handout/envelopes.ts';
import { pageHtml } from '../../src/handout/page.ts';
import { CODE_BYTES, makeCode } from '../../src/model/code.ts';
import { createHash } from 'node:crypto';
import { never } from '../support/make.ts';

export const GATEWAY = 'https://llm.example.com';

export const STYLE: Style = {
  language: 'en',
  own: {},
  names: false,
  tries: false,
  show: 'code',
  paper: 'A4',
  pageUrl: null,
  zone: 'Europe/Berlin',
};

const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Zoë Müller-Lüdenscheidt', '<b>Bobby</b> "Tables"'];

/** The same bytes for the same words. */
export function bytesOf(words: string, count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha512').update(words).digest().subarray(0, count));
}

export function attendee(seat: number, about: Partial<Attendee['about']> = {}): Attendee {
  const name = NAMES[(seat - 1) % NAMES.length] ?? '';
  const key = `sk-${Buffer.from(bytesOf(`key ${String(seat)}`, 32)).toString('base64url')}`;
  return {
    seat,
    code: new Secret(makeCode(seat, bytesOf(`code ${String(seat)}`, CODE_BYTES)).text),
    key: new Secret(key),
    key_alias: `ai-workshop-participant${String(seat)}`,
    name,
    columns: { name, 'E-Mail': `person${String(seat)}@example.com` },
    about: {
      api_endpoint: GATEWAY,
      models: ['gpt-4o-mini', 'claude-sonnet-4-5'],
      max_budget: 5,
      budget_duration: '1d',
      expires: '2099-12-11T22:59:59Z',
      ...about,
    },
  };
}

export function attendees(count: number): readonly Attendee[] {
  return Array.from({ length: count }, (_, index) => attendee(index + 1));
}

let calls = 0;

/** Few rounds, where it is not about them. */
export async function pageFor(
  all: readonly Attendee[],
  style: Partial<Style> = {},
  { rounds = 1000, api_endpoint = GATEWAY } = {},
): Promise<string> {
  const letters = all.map((each) => ({
    seat: each.seat,
    code: each.code,
    letter: letterOf(each, style.names === true),
  }));
  const envelopes = await close(letters, {
    rounds,
    old: new Map(),
    randomBytes: (count) => bytesOf(`random ${String((calls += 1))}`, count),
    stop: never,
    progress: () => undefined,
  });
  return pageHtml({ envelopes, rounds, api_endpoint }, { ...STYLE, ...style });
}
