/** Who gets a hand-out, and what is said to everybody. */
import type { Secret } from '../base/secret.ts';
import type { Language } from './language.ts';
import type { Letter } from './envelope.ts';

/** One person, or one program: a key of the spec that the keyring has. */
export type Attendee = {
  readonly seat: number;
  /** With the seat in front. */
  readonly code: Secret;
  readonly key: Secret;
  readonly key_alias: string;
  /** As people call them; the alias where nobody is named. */
  readonly name: string;
  /** The roster's columns, as they are called there. */
  readonly columns: Readonly<Record<string, string>>;
  readonly about: Omit<Letter, 'key' | 'name'>;
};

/** The organiser's own words. `logo`: a data: URL. */
export type OwnWords = {
  readonly title?: string | undefined;
  readonly intro?: string | undefined;
  readonly footer?: string | undefined;
  readonly logo?: string | undefined;
};

/** How hand-outs are made. */
export type Style = {
  readonly language: Language;
  readonly own: OwnWords;
  readonly names: boolean;
  /** The page may ask the gateway whether the key works. */
  readonly tries: boolean;
  /** Whether cards and notes have the code or the key itself. */
  readonly show: 'code' | 'key';
  readonly paper: 'A4' | 'letter';
  /** Where the page will be; `null`: nobody knows yet. */
  readonly pageUrl: string | null;
  /** Of moments on paper. */
  readonly zone: string;
};

export function letterOf({ key, name, about }: Attendee, names: boolean): Letter {
  return { ...(names ? { name } : {}), key: key.reveal(), ...about };
}

/** The page's address with the code in its fragment, which no server sees. */
export function linkOf({ code }: Pick<Attendee, 'code'>, pageUrl: string | null): string | null {
  return pageUrl === null ? null : `${pageUrl.replace(/#.*$/, '')}#${code.reveal()}`;
}
