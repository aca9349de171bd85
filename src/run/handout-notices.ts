/** What is told of hand-outs that were made. */
import { firstOf } from '../base/first-of.ts';
import { reachOf } from '../deliver/reach.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Style } from '../handout/attendee.ts';
import type { HandoutFormat } from '../handout/formats.ts';
import type { Notice } from '../model/plan.ts';

/** Notes of who is gone that somebody wrote in. */
export function keptNotices(files: readonly string[]): readonly Notice[] {
  if (files.length === 0) return [];
  const message = `Nobody gets ${listed(files)} any more, but it was changed since vkeys wrote it, so it is left there.`;
  return [{ code: 'delivery', ref: null, message, hint: 'Delete it, if nobody needs it.' }];
}

/** Names of files in a sentence. */
export function listed(files: readonly string[]): string {
  return oneLine(firstOf(files, 5));
}

/** Forms that are there and were not asked for. */
export function oldNotices(formats: readonly HandoutFormat[]): readonly Notice[] {
  if (formats.length === 0) return [];
  const message = `What the folder has of ${formats.join(', ')} is of an earlier run, and was not asked for now.`;
  return [{ code: 'delivery', ref: null, message, hint: 'Ask for it too, e.g. --format page cards, or delete it.' }];
}

/** Whoever scans a card is in the page at once, if the card says where that is. */
export function linkNotices(
  formats: readonly HandoutFormat[],
  { show, pageUrl }: Pick<Style, 'show' | 'pageUrl'>,
): readonly Notice[] {
  const linked = formats.filter((format) => format !== 'page' && format !== 'csv');
  if (linked.length === 0 || show === 'key' || pageUrl !== null) return [];
  const message = 'Nobody said where the page will be, so cards and letters have the code, and no link to it.';
  return [{ code: 'delivery', ref: null, message, hint: 'Say it: --page-url https://…/page.html' }];
}

/** An address that only some people reach. */
export function reachNotices(api_endpoint: string): readonly Notice[] {
  const whose = reachOf(api_endpoint);
  if (whose === null) return [];
  const message = `The hand-outs carry the address ${oneLine(api_endpoint)}, which ${whose}.`;
  const hint = 'Say which one people have: server: {public_url: https://…} in the spec.';
  return [{ code: 'delivery', ref: null, message, hint }];
}
