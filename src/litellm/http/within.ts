/**
 * Does the work with a signal that is aborted after so many milliseconds, or when `signal` is. Not with
 * `AbortSignal.timeout`: Node 20 collects one as garbage that only `AbortSignal.any` knows of, and then it never comes.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('Too late.', 'TimeoutError')), milliseconds);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
