/** Writes the pages for man into dist/man: the program's, and those of the commands and topics that a page names. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const FOLDER = 'dist/man';
const NAMED = /^\.TP\n\\fBvkeys (?:help )?([a-z\\-]+(?: [a-z\\-]+)?)\\fR$/gm;

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);

/** It grows while it is read. */
const subjects = new Set(['']);
for (const subject of subjects) {
  const words = subject.split(' ').filter((word) => word !== '');
  const page = execFileSync(process.execPath, ['bin/vkeys.js', 'help', '--man', ...words], { encoding: 'utf8' });
  const [, title, section] = /^\.TH (\S+) ([0-9])/m.exec(page);
  writeFileSync(`${FOLDER}/${plain(title).toLowerCase()}.${section}`, page);
  for (const [, name] of page.matchAll(NAMED)) subjects.add(plain(name));
}

function plain(text) {
  return text.replaceAll('\\', '');
}
