/**
 * Hand-outs for people, from the spec and the keyring alone: no server is asked. Codes are in the keyring, durably, before
 * a file has one.
 */
import { join } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { matcher } from '../base/glob.ts';
import { reachOf } from '../deliver/reach.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Style } from '../handout/attendee.ts';
import { ROUNDS } from '../handout/envelope.ts';
import { IGNORED, openFolder, ownText, writeFiles } from '../handout/folder.ts';
import { CARDS, filesOf, leftIn, PAGE, PDF, type HandoutFormat } from '../handout/formats.ts';
import { pageFile } from '../handout/page-file.ts';
import { findBrowser, printPdf } from '../handout/pdf.ts';
import { serverUrl } from '../litellm/http/url.ts';
import { newCodes } from '../model/new-codes.ts';
import type { Notice } from '../model/plan.ts';
import type { Spec } from '../model/spec.ts';
import { attendeesOf, sortKeys, type Ready } from './attendees.ts';
import { withKeyrings, type KeyringFlags } from './keyrings.ts';
import { openingOf, type Context } from './open.ts';
import type { ConnectOptions } from './options.ts';
import { findAddress } from './server-address.ts';

export type HandoutAsked = {
  /** The folder, absolute. */
  readonly to: string;
  readonly formats: readonly HandoutFormat[];
  /** `show`: `null` is the code, where there is a page to type it into, else the key. */
  readonly style: Omit<Style, 'show'> & { readonly show: Style['show'] | null };
  /** Patterns of names of keys that get another code: none is for all, `null` for nobody. */
  readonly renewCodes: readonly string[] | null;
  readonly pdf: boolean;
  /** Of a page: fewer only in tests. */
  readonly rounds?: number;
};

/** Files are absolute paths. `lacking`: keys that nobody gets. */
export type HandedOut = {
  readonly attendees: number;
  readonly files: readonly string[];
  readonly written: readonly string[];
  readonly withdrawn: readonly string[];
  readonly notices: readonly Notice[];
  readonly lacking: readonly Notice[];
};

/** Throws `refused` where there is nothing to hand out, or something of others in the way; `delivery`, `config`. */
export async function handOut(
  context: Context<ConnectOptions & KeyringFlags>,
  spec: Spec,
  asked: HandoutAsked,
): Promise<HandedOut> {
  const { world, options, hear } = context;
  const { formats, pdf } = asked;
  const style = { ...asked.style, show: showOf(asked) };
  const { url: server } = await findAddress(context, spec);
  const about = { server, set: spec.set };
  const folder = await openFolder(asked.to, about);
  const browser = pdf ? await findBrowser(world.run) : null;
  return withKeyrings(world, options, [about], openingOf(context, world), async ([keyring]) => {
    if (keyring === undefined) throw new Error('a set has a keyring');
    const { ready, lacking } = sortKeys(spec, keyring.state(), world.now());
    if (ready.length === 0) throw nothing(spec, server, lacking);
    if (pdf) await ownText(folder, PDF);
    const how = { renews: renewal(asked, ready), randomBytes: world.randomBytes, now: world.now() };
    const names = ready.map(({ entry }) => entry.name);
    await keyring.record(newCodes(names, keyring.state().codes, how));
    const api_endpoint = serverUrl(spec.publicUrl ?? server);
    const attendees = attendeesOf(ready, keyring.state().codes, spec, api_endpoint);
    const closing = {
      rounds: asked.rounds ?? ROUNDS,
      randomBytes: world.randomBytes,
      stop: world.stop,
      progress: (done: number) => hear({ is: 'progress', done, total: attendees.length }),
    };
    const files = [
      ...(formats.includes('page')
        ? [await pageFile(attendees, await ownText(folder, PAGE), { style, closing, api_endpoint })]
        : []),
      ...(await filesOf(formats, attendees, style)),
    ];
    const own = [...files.map(({ name }) => name), ...(pdf ? [PDF] : [])];
    const { gone, old } = leftIn(folder, own, formats, attendees);
    const done = await writeFiles(folder, [IGNORED, ...files], gone);
    const isNew = done.written.includes(CARDS) || !folder.known.has(PDF);
    if (browser !== null && isNew) await printPdf(done.folder, browser, world.run);
    const paths = (some: readonly string[]): readonly string[] => some.map((name) => join(folder.path, name));
    return {
      attendees: attendees.length,
      files: paths(own),
      written: paths([...done.written.filter((name) => own.includes(name)), ...(pdf && isNew ? [PDF] : [])]),
      withdrawn: paths(done.withdrawn),
      notices: [...oldNotices(old), ...linkNotices(formats, style), ...reachNotices(api_endpoint)],
      lacking,
    };
  });
}

/** Throws `usage` for a PDF of no cards. */
function showOf({ formats, style: { show, pageUrl }, pdf }: HandoutAsked): Style['show'] {
  if (pdf && !formats.includes('cards'))
    throw new VkeysError('usage', '--pdf is for cards, and none are asked for.', 'Ask for them: --format cards --pdf');
  return show ?? (formats.includes('page') || pageUrl !== null ? 'code' : 'key');
}

/** Whose code is made anew. Throws `usage` for a pattern of nobody, which was mistyped. */
function renewal({ renewCodes }: HandoutAsked, ready: readonly Ready[]): (name: string) => boolean {
  if (renewCodes === null) return () => false;
  const stranger = renewCodes.find((glob) => !ready.some(({ entry }) => matcher([glob])(entry.name)));
  if (stranger === undefined) return matcher(renewCodes);
  throw new VkeysError(
    'usage',
    `No key of the spec that can be handed out is called ${oneLine(stranger)}. Nothing was written.`,
    'See how they are called: vkeys keyring list',
  );
}

function nothing({ set }: Spec, server: string, [first]: readonly Notice[]): VkeysError {
  const why = first === undefined ? 'The spec has no keys.' : first.message;
  return new VkeysError(
    'refused',
    `There is nothing to hand out of the set ${oneLine(set)} at ${server}. ${why} Nothing was written.`,
    first?.hint ?? 'Give it keys: see vkeys help spec',
  );
}

function oldNotices(formats: readonly HandoutFormat[]): readonly Notice[] {
  if (formats.length === 0) return [];
  const message = `What the folder has of ${formats.join(', ')} is of an earlier run, and was not asked for now.`;
  return [{ code: 'delivery', ref: null, message, hint: 'Ask for it too, e.g. --format page cards, or delete it.' }];
}

/** Whoever scans a card is in the page at once, if the card says where that is. */
function linkNotices(
  formats: readonly HandoutFormat[],
  { show, pageUrl }: Pick<Style, 'show' | 'pageUrl'>,
): readonly Notice[] {
  const linked = formats.filter((format) => format !== 'page' && format !== 'csv');
  if (linked.length === 0 || show === 'key' || pageUrl !== null) return [];
  const message = 'Nobody said where the page will be, so cards and letters have the code, and no link to it.';
  return [{ code: 'delivery', ref: null, message, hint: 'Say it: --page-url https://…/page.html' }];
}

function reachNotices(api_endpoint: string): readonly Notice[] {
  const whose = reachOf(api_endpoint);
  if (whose === null) return [];
  const message = `The hand-outs carry the address ${oneLine(api_endpoint)}, which ${whose}.`;
  const hint = 'Say which one people have: server: {public_url: https://…} in the spec.';
  return [{ code: 'delivery', ref: null, message, hint }];
}
