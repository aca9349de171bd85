/** A kind of thing that LiteLLM has and a spec can name: `key`. What is known of each stands in `kinds/`. */
export type Kind = string;

/** A thing as the spec calls it, whatever the server calls it at the moment. */
export type Ref = { readonly kind: Kind; readonly name: string };

/** `key/lab-ada`. */
export function refText({ kind, name }: Ref): string {
  return `${kind}/${name}`;
}

/** By kind, then by name as people count: `a2` before `a10`. */
export function byRef(a: Ref, b: Ref): number {
  /* The collator takes `a1` and `a01` for equal, so that they need an order of their own. */
  return order(a.kind, b.kind) || COLLATOR.compare(a.name, b.name) || order(a.name, b.name);
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

function order(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
