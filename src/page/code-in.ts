/**
 * The code in what was scanned or pasted: a link has it behind its last `#`, and mailers and networks hang `?utm_source=…` or
 * `&fbclid=…` on it; on paper `No. ` stands before it, which no code begins with.
 */
export function codeIn(text: string): string {
  const [code = ''] = decoded(text).split('#').at(-1)?.split(/[?&]/) ?? [];
  return code.replace(/^\s*n\p{L}*[\s.°º:]*/iu, '').trim();
}

/** As it is, where its percent signs are no encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
