/** An error on the way to a server, with what Node or undici says of it. */
export type Cause = {
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
  readonly error: Error;
};

export function isSilence({ code, syscall }: Cause): boolean {
  return code === 'ETIMEDOUT' && syscall === 'connect';
}

/**
 * The error and its causes, outermost first. Where several addresses were tried, what became of each stands for the
 * whole, and an address of a network that this machine does not have (IPv6, mostly) tells least.
 */
export function causesOf(error: unknown): readonly Cause[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.flatMap(causesOf).toSorted((a, b) => Number(isNoNetwork(a)) - Number(isNoNetwork(b)));
  }
  const text = (name: 'code' | 'syscall'): string => {
    const value: unknown = name in error ? Reflect.get(error, name) : null;
    return typeof value === 'string' ? value : '';
  };
  const code = text('code');
  const own = { code: code === '' ? error.name : code, syscall: text('syscall'), message: error.message, error };
  return [own, ...causesOf(error.cause)];
}

function isNoNetwork({ code }: Cause): boolean {
  return /^(EHOST|ENET)(UNREACH|DOWN)$|^EADDRNOTAVAIL$/.test(code);
}
