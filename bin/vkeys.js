#!/usr/bin/env node
import module from 'node:module';

// Start fast: newer versions of Node keep compiled code from one command to the next. Node 20 does not, and the
// reading of a spec is over there before optimising its code has paid. A list of very many keys is to stay small.
if (module.enableCompileCache !== undefined) module.enableCompileCache();
else if (process.argv.includes('-f') === true)
  (await import('node:v8')).setFlagsFromString('--interrupt-budget=1000000');
if (process.argv[2] === 'list' || process.argv[2] === 'ls')
  (await import('node:v8')).setFlagsFromString('--optimize-for-size');

await import('../dist/main.js');
