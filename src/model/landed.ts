import type { VkeysError } from '../base/errors.ts';

/**
 * What became of a change that the server was asked for.
 *
 * - `done`: the server says that it did it.
 * - `refused`: the server said no. It has not done it and will not.
 * - `unsent`: the server has not heard of it.
 * - `unsettled`: it may be done, or may be done later; only a look at the server tells.
 */
export type Landed<T = void> = { readonly is: 'done'; readonly value: T } | Undone;

export type Undone = { readonly is: 'refused' | 'unsent' | 'unsettled'; readonly error: VkeysError };
