import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readOwnWords } from '../../src/spec/own-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'vkeys-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, 'logo.svg'), '<svg/>');
writeFileSync(join(folder, 'big.PNG'), Buffer.alloc(70_000));

async function read(text: string) {
  writeFileSync(join(folder, 'words.yaml'), text);
  return readOwnWords('words.yaml', folder);
}

it('reads words, and the logo into them', async () => {
  expect(await read('title: A $5 workshop {x}\nintro: |\n  One\n\n  Two\nfooter: Room 4\nlogo: logo.svg\n')).toEqual({
    words: {
      title: 'A $5 workshop {x}',
      intro: 'One\n\nTwo\n',
      footer: 'Room 4',
      logo: `data:image/svg+xml;base64,${Buffer.from('<svg/>').toString('base64')}`,
    },
    diagnostics: [],
  });
  expect(await read('title: T')).toEqual({ words: { title: 'T' }, diagnostics: [] });
});

it.each([
  ['titel: T', 'words.yaml:1:1', /There is no field "titel" here/],
  ['title: [T]', 'words.yaml:1:8', /title/],
  ['title: ""', 'words.yaml:1:8', /title/],
  ['[]', 'words.yaml:1:1', /list/],
  ['title: {', 'words.yaml:1:', /./],
  ['# nothing', 'words.yaml:1:1', /./],
  ['title: T\n---\ntitle: U', 'words.yaml:3:1', /A second document begins here/],
  ['title: T\nlogo: logo.pdf', 'words.yaml:2:7', /logo.pdf is no picture/],
  ['title: T\nlogo: none.png', 'words.yaml:2:7', /none.png cannot be read/],
  ['title: T\nlogo: big.PNG', 'words.yaml:2:7', /big.PNG has 69 kB/],
  [`title: ${'['.repeat(200)}${']'.repeat(200)}`, 'words.yaml:1:', /deep/],
])('tells where %j is wrong', async (text, place, words) => {
  const { words: read_, diagnostics } = await read(text);
  const [first] = diagnostics;
  const { origin, message = '', hint = '' } = first ?? {};
  expect(`${origin?.file ?? ''}:${String(origin?.line)}:${String(origin?.column)}`).toContain(place);
  expect(message).toMatch(words);
  expect(hint).not.toBe('');
  expect(read_.logo).toBeUndefined();
});

it('tells that there is no such file', async () => {
  const { diagnostics } = await readOwnWords('none.yaml', folder);
  expect(diagnostics.map(({ message }) => message)).toEqual(['There is no file none.yaml.']);
});
