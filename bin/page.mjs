/** Bundles src/page/, the program inside of pages for people, into one text. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** For the browsers of the last years: phones are not always of today. */
export async function pageScript() {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../src/page/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    metafile: true,
  });
  return { script: outputFiles[0].text, inputs: Object.keys(metafile.inputs) };
}
