/**
 * Bundles src/ into dist/: the form that starts fastest, because a command loads only the chunks it needs and no
 * package is looked up at run time. The licences of what is bundled go along.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { pageScript } from './page.mjs';

rmSync('dist', { recursive: true, force: true });

/** Commander loads it for commands that are programs of their own, which vkeys has none of: 5 ms of every start. */
const withoutChildProcess = {
  name: 'without-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'nothing' } : null,
    );
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '', loader: 'js' }));
  },
};

/** Twenty files that are looked up one after another are half of its time: `vkeys token` answers from one of its own. */
const QUICK = { source: 'src/cli/quick-token.ts', path: './quick-token.js' };
const quickApart = {
  name: 'quick-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/quick-token\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: QUICK.path, external: true } : null,
    );
  },
};

const form = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  legalComments: 'none',
};

const page = await pageScript();
const { metafile } = await build({
  ...form,
  entryPoints: ['src/main.ts'],
  splitting: true,
  metafile: true,
  plugins: [withoutChildProcess, quickApart],
  define: { PAGE_SCRIPT: JSON.stringify(page.script) },
  // A program for each platform, which the user installs.
  external: ['@napi-rs/keyring'],
  // The same code as ES modules, of which only what is used goes along.
  alias: {
    yaml: resolve('node_modules/yaml/browser/dist/index.js'),
    'jsonc-parser': resolve('node_modules/jsonc-parser/lib/esm/main.js'),
  },
  // CommonJS packages ask for Node's modules with require.
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
});
// It leaves encrypted keyrings to the program.
await build({ ...form, entryPoints: [QUICK.source], external: ['age-encryption', '*/encode/age/recipients.ts'] });

const packages = new Set(
  [...Object.keys(metafile.inputs), ...page.inputs].flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  ),
);
const notices = [...packages].toSorted().map((name) => {
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync('dist/LICENSES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
writeFileSync('dist/vkeys.schema.json', execFileSync(process.execPath, ['bin/vkeys.js', 'schema']));
