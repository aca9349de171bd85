/** Elements, made of text alone: nothing in the page is ever read as HTML. */

type Attributes = Readonly<Record<string, string | true>>;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes))
    made.setAttribute(attribute, value === true ? '' : value);
  made.append(...children);
  return made;
}

/** The element of this kind with this id, which the page has. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** Tells a screen reader, and nobody else. */
export function announce(text: string): void {
  byId('status', HTMLElement).textContent = text;
}
