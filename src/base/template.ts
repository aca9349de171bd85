const PART = /\{\{|\}\}|\{([^{}]+)\}/g;

/** The names in a template's `{name}`s, each once, in order. */
export function placeholdersOf(template: string): readonly string[] {
  if (!template.includes('{')) return [];
  return [
    ...new Set(
      Array.from(template.matchAll(PART), ([, name]) => name?.normalize('NFC')).filter((name) => name !== undefined),
    ),
  ];
}

/** The template with its `{name}`s replaced; a name without a value stays. `{{` and `}}` are literal braces. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(PART, (part: string, name: string | undefined) => {
    if (name === undefined) return part.slice(1);
    return valueOf(name, values) ?? part;
  });
}

function valueOf(written: string, values: Readonly<Record<string, string>>): string | undefined {
  const name = written.normalize('NFC');
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The template with the names filled in that have a value: still a template, for the others. */
export function fillKnown(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(PART, (part: string, name: string | undefined) => {
    const value = name === undefined ? undefined : valueOf(name, values);
    return value === undefined ? part : literal(value);
  });
}

/** Matches what the template may become, whatever its names stand for. */
export function patternOf(template: string): RegExp {
  const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  let [pattern, end] = ['', 0];
  for (const { 0: part, 1: name, index } of template.matchAll(PART)) {
    pattern += escaped(template.slice(end, index)) + (name === undefined ? escaped(part.slice(1)) : '.*');
    end = index + part.length;
  }
  return new RegExp(`^${pattern}${escaped(template.slice(end))}$`, 's');
}

/** How long `fill` would make it, without making it: a short template and a long value multiply. */
export function filledLength(template: string, values: Readonly<Record<string, string>>): number {
  let length = template.length;
  for (const [part] of template.matchAll(PART)) length += fill(part, values).length - part.length;
  return length;
}

/** The template that fills to exactly this text. */
export function literal(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}');
}
