/** Cards in a browser: as they come out of a printer, and as a camera reads them. */
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Style } from '../../src/handout/attendee.ts';
import { cardsHtml } from '../../src/handout/cards.ts';
import { LANGUAGES } from '../../src/handout/language.ts';
import { attendee, attendees, GATEWAY, STYLE } from './attendees.ts';
import { closeBrowser, findings, hasBrowser, visitFile } from './browser.ts';

afterAll(closeBrowser);

const PAGE = 'https://workshop.example.com/2026/page.html';
const style = (more: Partial<Style> = {}): Style => ({ ...STYLE, names: true, pageUrl: PAGE, ...more });

/** In points of a PDF. */
const SIZES = { A4: [594.96, 841.92], letter: [612, 792] } as const;

describe.skipIf(!hasBrowser)('cards in a browser', { timeout: 60_000 }, () => {
  it.each(['A4', 'letter'] as const)('are eight to a sheet of %s, and none is cut', async (paper) => {
    const { page, said, asked } = await visitFile(await cardsHtml(attendees(17), style({ paper })));
    await page.emulateMedia({ media: 'print' });
    const boxes = await page.evaluate<
      readonly (readonly number[])[]
    >(`[...document.querySelectorAll('.sheet')].map((sheet) => {
      const { left, top, right, bottom } = sheet.getBoundingClientRect();
      return [...sheet.querySelectorAll('.card')].filter((card) => {
        const box = card.getBoundingClientRect();
        return box.left - left > 15 && box.top - top > 15 && right - box.right > 15 && bottom - box.bottom > 15;
      }).length;
    })`);
    expect(boxes).toEqual([8, 8, 1]);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [
      width,
      height,
    ]);
    expect(sheets).toHaveLength(3);
    for (const sheet of sheets)
      for (const [index, size] of sheet.entries()) expect(Number(size)).toBeCloseTo(SIZES[paper][index] ?? 0, 0);
    expect([said, asked]).toEqual([[], []]);
    await page.context().close();
  });

  it.each(LANGUAGES)('have room for long names, addresses and keys in %s', async (language) => {
    const long = attendee(123_456, { api_endpoint: `https://${'gateway.'.repeat(7)}example.com/prefix` });
    const name = 'Wolfeschlegelsteinhausenbergerdorff-von-und-zu-Oberpfaffenhofen';
    for (const show of ['code', 'key'] as const)
      for (const paper of ['A4', 'letter'] as const) {
        const own = { title: 'A workshop with a name that is much longer than others are, by far' };
        const html = await cardsHtml([{ ...long, name }], style({ language, show, paper, own }));
        const { page } = await visitFile(html);
        const cut = await page.evaluate<
          readonly string[]
        >(`[...document.querySelectorAll('.card, .main, .text, ol, dl, dd')].flatMap((each) =>
          each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1 ? [(each.className || each.tagName) + ' ' + each.scrollHeight + ' ' + each.clientHeight] : [])`);
        expect(cut).toEqual([]);
        /* What somebody has to type is there to its last character. */
        const secret = await page.evaluate(
          '((each) => each.scrollWidth <= each.clientWidth + 1)(document.querySelector(".secret"))',
        );
        expect(secret).toBe(true);
        await page.context().close();
      }
  });

  it.each([
    ['the link', style(), `${PAGE}#${attendee(1).code.reveal()}`],
    ['the code, where nobody knows where the page will be', style({ pageUrl: null }), attendee(1).code.reveal()],
    ['the key', style({ show: 'key' }), attendee(1).key.reveal()],
  ])('have %s for a camera', async (_, how, text) => {
    const { page } = await visitFile(await cardsHtml([attendee(1)], how), { deviceScaleFactor: 2 });
    const { data, width, height } = PNG.sync.read(await page.locator('.card').screenshot());
    expect(jsQR.default(new Uint8ClampedArray(data), width, height)?.data).toBe(text);
    await page.context().close();
  });

  it('say whose they are only where names are asked for, and nothing in them is HTML', async () => {
    const { page, said } = await visitFile(await cardsHtml([attendee(4)], style()));
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe('<b>Bobby</b> "Tables"');
    const text = await page.locator('.card').innerText();
    for (const part of ['No. 4', attendee(4).code.reveal(), `${GATEWAY}/v1`, 'GMT+1', PAGE])
      expect(text).toContain(part);
    expect(text).not.toContain(attendee(4).key.reveal());
    expect(said).toEqual([]);
    expect(await findings(page)).toEqual([]);
    const html = await cardsHtml([attendee(4)], style({ names: false }));
    for (const part of ['Bobby', attendee(4).key_alias, attendee(4).key.reveal()]) expect(html).not.toContain(part);
    await page.context().close();
  });
});
