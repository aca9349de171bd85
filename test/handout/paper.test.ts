/** What hand-outs say, apart from how they look: words, notes, tables, and what people are called. */
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromCell } from '../../src/encode/csv.ts';
import { dollarsIn, filled, LANGUAGES, momentIn, spanIn } from '../../src/handout/language.ts';
import { LETTER_WORDS } from '../../src/handout/letter-words.ts';
import { noteMarkdown, noteText } from '../../src/handout/note.ts';
import { PAGE_WORDS } from '../../src/handout/page-words.ts';
import { PAPER_WORDS } from '../../src/handout/paper-words.ts';
import { personIn } from '../../src/handout/person.ts';
import { keysCsv, mailMergeCsv } from '../../src/handout/table.ts';
import { character } from '../support/character.ts';
import { attendee, attendees, STYLE } from './attendees.ts';

const PAGE = 'https://example.com/page.html';

describe('words', () => {
  it('have the same blanks to fill in each language, and are nowhere left out', () => {
    for (const texts of Object.values({ ...PAGE_WORDS, ...LETTER_WORDS, ...PAPER_WORDS })) {
      const names = LANGUAGES.map((language) => (texts[language].match(/\{\w+\}/g) ?? []).toSorted().join());
      expect([new Set(names).size, LANGUAGES.every((language) => texts[language].trim() !== '')]).toEqual([1, true]);
    }
  });

  it('fill in what is known, and leave other braces alone', () => {
    expect(filled('{a} {b} ${{ c }} {constructor}', { a: '{b}', b: '1' })).toBe('{b} 1 ${{ c }} {constructor}');
  });

  it('tell spans, sums and moments as each language does', () => {
    expect(
      LANGUAGES.map((language) => [spanIn(language, '1d'), spanIn(language, '30d'), spanIn(language, '2mo')]),
    ).toEqual([
      ['day', '30 days', '2 months'],
      ['Tag', '30 Tage', '2 Monate'],
      ['jour', '30\u00A0jours', '2\u00A0mois'],
      ['día', '30 días', '2 meses'],
    ]);
    expect([spanIn('en', 'soon'), dollarsIn('en', 5), dollarsIn('de', 5)]).toEqual(['soon', '$5.00', '5,00\u00A0$']);
    expect(momentIn('de', '2026-12-11T22:59:59Z', 'Europe/Berlin')).toBe('11. Dezember 2026 um 23:59 MEZ');
  });
});

describe('a note', () => {
  it('has the code as text and as Markdown, with the link where the page will be', () => {
    const style = {
      ...STYLE,
      names: true,
      pageUrl: PAGE,
      own: { title: 'AI *workshop*', intro: 'Welcome!', footer: 'Bye' },
    };
    expect(noteText(attendee(4), style)).toMatchInlineSnapshot(`
      "AI *workshop*
      =============

      <b>Bobby</b> "Tables" (No. 4)

      Welcome!

      Your code    4-Q6MR-KC7P-ZMXT
      Your link    https://example.com/page.html#4-Q6MR-KC7P-ZMXT
      Base URL     https://llm.example.com/v1
      Models       gpt-4o-mini, claude-sonnet-4-5
      Budget       $5.00 per day
      Valid until  December 11, 2099 at 11:59 PM GMT+1

      1. Open your link: your code is in it.
      2. Copy key and base URL into your tool.

      Bye
      "
    `);
    expect(noteMarkdown(attendee(4), style)).toMatchInlineSnapshot(`
      "# AI \\*workshop\\*

      **\\<b\\>Bobby\\</b\\> "Tables"** (No. 4)

      Welcome!

      - Your code: \`4-Q6MR-KC7P-ZMXT\`
      - Your link: \`https://example.com/page.html#4-Q6MR-KC7P-ZMXT\`
      - Base URL: \`https://llm.example.com/v1\`
      - Models: gpt-4o-mini, claude-sonnet-4-5
      - Budget: $5.00 per day
      - Valid until: December 11, 2099 at 11:59 PM GMT+1

      1. Open your link: your code is in it.
      2. Copy key and base URL into your tool.

      Bye
      "
    `);
  });

  it('has the key itself where that is asked for, in another language', () => {
    const free = attendee(1, { models: [], expires: null });
    const { max_budget: _max, budget_duration: _duration, ...about } = free.about;
    expect(noteText({ ...free, about }, { ...STYLE, show: 'key', language: 'de' })).toMatchInlineSnapshot(`
      "Ihr Schlüssel
      =============

      Nr. 1

      Schlüssel   sk-Ur8or8O--tzzjkPrKREGZz6cySmakCfr6xy-COaCRlw
      Basis-URL   https://llm.example.com/v1
      Modelle     alle, die das Gateway hat
      Budget      keine eigene Grenze
      Gültig bis  ohne Ende

      1. OPENAI_API_KEY ist der Schlüssel.
      2. OPENAI_BASE_URL ist die Basis-URL.
      3. Jedes Modell des Gateways.
      "
    `);
  });
});

describe('tables', () => {
  const read = (text: string): readonly (readonly string[])[] =>
    parse(text.replace('\uFEFF', ''), { relax_column_count: false });

  it('have everything for the organiser', () => {
    const [names, first] = read(keysCsv(attendees(2)));
    expect(names?.map((name, index) => [name, first?.[index]])).toEqual([
      ['seat', '1'],
      ['name', 'Ada Lovelace'],
      ['code', attendee(1).code.reveal()],
      ['key_alias', 'ai-workshop-participant1'],
      ['key', attendee(1).key.reveal()],
      ['api_base_url', 'https://llm.example.com/v1'],
      ['models', 'gpt-4o-mini, claude-sonnet-4-5'],
      ['max_budget', '5'],
      ['budget_duration', '1d'],
      ['expires', '2099-12-11T22:59:59Z'],
    ]);
  });

  it("have for a mail merge the roster's columns, code and link, and no key", () => {
    const text = mailMergeCsv([...attendees(3), { ...attendee(4), columns: {}, name: 'bot' }], {
      pageUrl: `${PAGE}#old`,
    });
    const [names, , , third, fourth] = read(text);
    expect(names).toEqual(['name', 'E-Mail', 'seat', 'code', 'link', 'expires']);
    expect(third?.slice(0, 5)).toEqual([
      'Zoë Müller-Lüdenscheidt',
      'person3@example.com',
      '3',
      attendee(3).code.reveal(),
      `${PAGE}#${attendee(3).code.reveal()}`,
    ]);
    expect(fourth?.slice(0, 3)).toEqual(['', '', '4']);
    expect(text).not.toContain('sk-');
    expect(text.startsWith('\uFEFF')).toBe(true);
    const columns = { Login: 'ada', user: 'ada', user_id: 'ada@example.com' };
    const [login] = read(mailMergeCsv([{ ...attendee(1), columns }], { pageUrl: null }));
    expect(login).toEqual(['Login', 'user_id', 'name', 'seat', 'code', 'expires']);
    expect(read(mailMergeCsv([{ ...attendee(1), columns: { user: 'ada' } }], { pageUrl: null }))[0]).toEqual([
      'user',
      'name',
      'seat',
      'code',
      'expires',
    ]);
  });

  it('have no cell that a spreadsheet takes for a formula, whatever a roster has', () => {
    fc.assert(
      fc.property(fc.string({ unit: character }), fc.constantFrom('=', '+', '-', '@', ''), (text, first) => {
        const name = `${first}${text}`;
        const [, row] = read(mailMergeCsv([{ ...attendee(1), columns: { name } }], { pageUrl: null }));
        expect(row?.[0]).not.toMatch(/^[=+\-@\t\r]/);
        if (/^[ -~]*$/.test(name)) expect(fromCell(row?.[0] ?? '')).toBe(name);
      }),
    );
  });
});

it.each([
  [{ Vorname: 'Ada', Nachname: 'Lovelace', name: 'x' }, 'Ada Lovelace'],
  [{ 'Full Name': 'Ada Lovelace', 'E-Mail': 'a@example.com' }, 'Ada Lovelace'],
  [{ 'Vollständiger Name': 'Ada' }, 'Ada'],
  [{ Prénom: 'Ada' }, 'Ada'],
  [{ Nom: 'Lovelace', Prénom: ' ' }, 'Lovelace'],
  [{ user: 'ada' }, null],
])('%j is %s', (columns, name) => {
  expect(personIn(columns)).toBe(name);
});
