/** Properties are tried with the same inputs in every run, so that a red run is red again; FC_SEED gives others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 1) });
