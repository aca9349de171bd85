import { heading, listing, shell, table, text, type Block } from '../../view/page.ts';
import type { HandoutFormat } from '../../handout/formats.ts';

const FORMATS: Readonly<Record<HandoutFormat, readonly [file: string, about: string]>> = {
  page: ['page.html', 'one page for everybody, which a code opens at its own key'],
  cards: ['cards.html', 'cards to print and cut, eight to a sheet; --pdf makes cards.pdf, too'],
  md: ['md/17.md', 'a note for each, as Markdown'],
  txt: ['txt/17.txt', 'a note for each, as plain text'],
  csv: ['keys.csv', 'all that there is, keys and codes too, as a table for you'],
  'mail-merge': ['mail-merge.csv', "the roster's columns, code and link, for a mail to each; no key is in it"],
};

const TEMPLATE = `title: AI workshop, Kassel 2026
intro: |
  Welcome! Everything about today is at https://example.com/ai.
footer: 'Questions? Room 4, or help@example.com.'
logo: logo.svg`;

export function blocks(): readonly Block[] {
  return [
    text(
      'Files are for programs. People get a page that they open with a code, or a card with the code on it. All of it is made',
      'of the spec and the keyring: no server is asked, and it can be done again at any time.',
    ),
    shell(
      'vkeys apply -f vkeys.yaml',
      'vkeys handout -f vkeys.yaml --to handout',
      'vkeys handout -f vkeys.yaml --to handout --format page cards mail-merge --page-url https://example.com/ai/page.html',
    ),
    table(
      ['--format', 'file', 'about'],
      Object.entries(FORMATS).map(([name, [file, about]]) => [name, file, about]),
    ),
    text(
      'Files but the page are secret, and readable by you alone; Git ignores the folder. `--show key` puts the key itself on',
      'cards and notes, for who needs no page. `--names` says whose each is; without it there are only numbers. `--lang` is the',
      'language: en, de, fr, es.',
    ),
    heading('The page may be published'),
    text(
      'It is one file without anything from elsewhere: put it on any web server, mail it to everybody, or open it from a disk,',
      'without a network. Every key in it is encrypted under a code of its own, which only its owner has: a number, which is',
      'the seat, eleven random characters, and one that shows typing errors, like `17-K7QW-M9XP-RT4H`. The page sends',
      'nothing. With `--try` it has a button that asks the gateway whether the key works, and may ask that address and no other.',
    ),
    text(
      'A code is worth 55 bits, and each guess costs a million rounds of PBKDF2: 60,000 years, on average, of one of the fastest',
      'graphics cards of today for one seat, and as long again for each other. Give keys an end all the same, and a budget: a',
      'page that is out cannot be called back. SECURITY.md has the sums.',
    ),
    heading('Codes'),
    text(
      'They are in the keyring, so that a run later writes the same ones: who has a code keeps it, whoever comes late gets the',
      'next seat, and a key that was replaced is under the same code in the page of the next run. Publish that page anew, then.',
      '`--renew-codes` gives everybody a new one, and `--renew-codes NAME` one person: for a card that was lost, after its key',
      'was replaced. Copies of older pages still open with old codes. A code ends with `vkeys keyring forget NAME`, and with the',
      'last key of the set.',
    ),
    heading('Your own words'),
    text(
      '`--template FILE` has a heading, what stands before the code, what stands at the end, and a logo of at most 64 kB:',
    ),
    listing('yaml', TEMPLATE),
    heading('Cards'),
    text(
      '`--paper` is A4 or letter. Print them at 100 %, without headers and footers of the browser, and cut along the marks. With `--page-url`',
      'the QR code opens the page with the code filled in: it stands behind a `#`, which no server gets to see. Without it',
      'the QR code is the code alone.',
    ),
    heading('The folder'),
    text(
      'It is for one set, and for nothing else: one that is new or empty. `.vkeys-handout.json` in it knows what vkeys wrote: files',
      'of others are never written over, and neither are those that somebody changed. Notes of who has no key any more are taken',
      'away, and with the last key all that vkeys wrote. A run that changes nothing writes nothing.',
    ),
  ];
}
