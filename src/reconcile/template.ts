const PART = /\{\{|\}\}|\{([^{}]+)\}/g;

/** The names in a template's `{name}`s, each once, in order. */
export function placeholdersOf(template: string): readonly string[] {
  if (!template.includes('{')) return [];
  return [...new Set(Array.from(template.matchAll(PART), ([, name]) => name).filter((name) => name !== undefined))];
}

/** The template with its `{name}`s replaced; a name without a value stays. `{{` and `}}` are literal braces. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(PART, (part: string, name: string | undefined) => {
    if (name === undefined) return part.slice(1);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value ?? part;
  });
}

/** The template that fills to exactly this text. */
export function literal(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}');
}
