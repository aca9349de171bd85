#!/usr/bin/env node
import module from 'node:module';

// Start fast: newer versions of Node keep compiled code from one command to the next. Node 20 does not, and the
// reading of a spec is over there before optimising its code has paid. What reads a list of very many keys is to stay
// small: what comes and goes with each page gets no more room than it begins with.
const readsLists = ['list', 'ls', 'check', 'usage'].includes(process.argv[2]);
if (module.enableCompileCache !== undefined) module.enableCompileCache();
else if (process.argv.includes('-f') === true && !readsLists)
  (await import('node:v8')).setFlagsFromString('--interrupt-budget=1000000');
if (readsLists) (await import('node:v8')).setFlagsFromString('--optimize-for-size --semi-space-growth-factor=1');

try {
  await import('../dist/main.js');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || error.url?.endsWith('/dist/main.js') !== true) throw error;
  process.stderr.write('error: This clone of vkeys is not built yet.\nnext:  npm ci && npm run build\n');
  process.exitCode = 1;
}
