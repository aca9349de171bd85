/** A text apart from the answer that it was cut from, which V8 keeps as long as any piece of it. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
