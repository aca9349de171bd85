#!/usr/bin/env node
import module from 'node:module';
import v8 from 'node:v8';

// Start fast: newer versions of Node keep compiled code from one command to the next. Node 20 does not, and a command
// is over there before optimising its code has paid.
if (module.enableCompileCache !== undefined) module.enableCompileCache();
else v8.setFlagsFromString('--interrupt-budget=1000000');

await import('../dist/main.js');
