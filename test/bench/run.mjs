/** Bundles the bench, so that what it starts starts as fast as it can, and runs it. */
import { build } from 'esbuild';

await build({
  entryPoints: ['main', 'bare', 'creates'].map((name) => `test/bench/${name}.ts`),
  outdir: 'dist/bench',
  bundle: true,
  external: ['@napi-rs/keyring'],
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
});
await import('../../dist/bench/main.js');
