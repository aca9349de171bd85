/** A kind of thing that LiteLLM has and a spec can name: `key`. What is known of each stands in `kinds/`. */
export type Kind = string;

/** A thing as the spec calls it, whatever the server calls it at the moment. */
export type Ref = { readonly kind: Kind; readonly name: string };

/** What `key/` would only say again: keys are what most runs are about. */
export function nameText(ref: Ref): string {
  return ref.kind === 'key' ? ref.name : refText(ref);
}

/** `key/lab-ada`. */
export function refText({ kind, name }: Ref): string {
  return `${kind}/${name}`;
}

/** By kind, what others need first, then by name as people count: `a2` before `a10`. */
export function byRef(a: Ref, b: Ref): number {
  /* The collator takes `a1` and `a01` for equal, so that they need an order of their own. */
  return (
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    order(a.kind, b.kind) ||
    COLLATOR.compare(a.name, b.name) ||
    order(a.name, b.name)
  );
}

const ORDER: readonly Kind[] = ['budget', 'user', 'team', 'member', 'key'];
const COLLATOR = new Intl.Collator('en', { numeric: true });

function order(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
