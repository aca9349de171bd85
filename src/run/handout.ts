/**
 * Hand-outs for people, from the spec and the keyring alone: no server is asked. Codes are in the keyring, durably, before
 * a file has one.
 */
import { join } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { matcher } from '../base/glob.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Style } from '../handout/attendee.ts';
import { ROUNDS } from '../handout/envelope.ts';
import { IGNORED, openFolder, ownText, type Folder } from '../handout/folder.ts';
import { filesOf, HANDOUT_FORMATS, leftIn, PAGE, PDF, type HandoutFormat } from '../handout/formats.ts';
import { pageFile } from '../handout/page-file.ts';
import { clearPrints, findBrowser, isPrinted, printPdf } from '../handout/pdf.ts';
import { writeFiles } from '../handout/written.ts';
import { serverUrl } from '../litellm/http/url.ts';
import { newCodes } from '../model/new-codes.ts';
import type { Notice } from '../model/plan.ts';
import type { Spec } from '../model/spec.ts';
import { keptNotices, linkNotices, listed, oldNotices, reachNotices } from './handout-notices.ts';
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
  assertCards(asked);
  const { url: server } = await findAddress(context, spec);
  const about = { server, set: spec.set };
  const browser = pdf ? await findBrowser(world.run) : null;
  return withKeyrings(world, options, [about], openingOf(context, world), async ([keyring]) => {
    if (keyring === undefined) throw new Error('a set has a keyring');
    /* Under the lock of the set: another run may be writing there. */
    const folder = await openFolder(asked.to, about);
    const style = { ...asked.style, show: showOf(asked, folder) };
    const { ready, lacking } = sortKeys(spec, keyring.state(), world.now());
    const paths = (some: readonly string[]): readonly string[] => some.map((name) => join(folder.path, name));
    if (ready.length === 0) {
      await clearPrints(folder);
      /* A keyring that only lacks the keys may be the wrong one. */
      const isOver = lacking.every(({ code }) => code === 'ended');
      const { gone } = leftIn(folder, [], HANDOUT_FORMATS, []);
      const { withdrawn, kept } = await writeFiles(folder, [], isOver ? gone : []);
      throw nothing(spec, server, lacking, { withdrawn: paths(withdrawn), kept: paths(kept) });
    }
    const how = { renews: renewal(asked, ready), randomBytes: world.randomBytes, now: world.now() };
    const names = ready.map(({ entry }) => entry.name);
    const lines = newCodes(names, keyring.state().codes, how).filter((line) => line.op === 'code');
    const codes = new Map([...keyring.state().codes, ...lines.map((line) => [line.name, line] as const)]);
    const api_endpoint = serverUrl(spec.publicUrl ?? server);
    const attendees = attendeesOf(ready, codes, spec, api_endpoint);
    const others = await filesOf(formats, attendees, style);
    const hasPage = formats.includes('page');
    const own = [...(hasPage ? [PAGE] : []), ...others.map(({ name }) => name), ...(pdf ? [PDF] : [])];
    for (const name of [IGNORED.name, ...own]) await ownText(folder, name);
    await clearPrints(folder);
    await keyring.record(lines);
    const closing = {
      rounds: asked.rounds ?? ROUNDS,
      randomBytes: world.randomBytes,
      stop: world.stop,
      progress: (done: number) => hear({ is: 'progress', done, total: attendees.length }),
    };
    const making = { style, closing, api_endpoint, renewed: new Set(lines.map(({ seat }) => seat)) };
    const page = hasPage ? [await pageFile(attendees, await ownText(folder, PAGE), making)] : [];
    const { gone, old } = leftIn(folder, own, formats, attendees);
    const done = await writeFiles(folder, [IGNORED, ...page, ...others], gone);
    const isNew = browser !== null && !(await isPrinted(done.folder));
    if (isNew) await printPdf(done.folder, browser, world.run);
    return {
      attendees: attendees.length,
      files: paths(own),
      written: paths([...done.written.filter((name) => own.includes(name)), ...(isNew ? [PDF] : [])]),
      withdrawn: paths(done.withdrawn),
      notices: [
        ...keptNotices(paths(done.kept)),
        ...oldNotices(old),
        ...linkNotices(formats, style),
        ...reachNotices(api_endpoint),
      ],
      lacking,
    };
  });
}

/** Throws `usage` for a PDF of no cards. */
function assertCards({ formats, pdf }: HandoutAsked): void {
  if (pdf && !formats.includes('cards'))
    throw new VkeysError('usage', '--pdf is for cards, and none are asked for.', 'Ask for them: --format cards --pdf');
}

/** A page of an earlier run is one to type a code into, too. */
function showOf({ formats, style: { show, pageUrl } }: HandoutAsked, { known }: Folder): Style['show'] {
  return show ?? (formats.includes('page') || pageUrl !== null || known.has(PAGE) ? 'code' : 'key');
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

function nothing(
  { set }: Spec,
  server: string,
  [first]: readonly Notice[],
  { withdrawn, kept }: { readonly withdrawn: readonly string[]; readonly kept: readonly string[] },
): VkeysError {
  const why = first === undefined ? 'The spec has no keys.' : first.message;
  const taken = withdrawn.length === 0 ? 'Nothing was written.' : `Taken away: ${listed(withdrawn)}.`;
  const left = keptNotices(kept).map(({ message }) => ` ${message}`);
  return new VkeysError(
    'refused',
    `There is nothing to hand out of the set ${oneLine(set)} at ${server}. ${why} ${taken}${left.join('')}`,
    first?.hint ?? 'Give it keys: see vkeys help spec',
  );
}
