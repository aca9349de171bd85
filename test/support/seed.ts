/**
 * What every file begins with. Properties are tried with the same inputs in every run, so that a red run is red again; FC_SEED
 * gives others. Secrets that the file before held are let go: files share their modules.
 */
import fc from 'fast-check';
import { release } from '../../src/base/secret.ts';

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) });
release();
