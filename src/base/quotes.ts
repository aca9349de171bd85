/** Whether a value has a quote at its ends that a shell would have taken away, and that Docker's env files and `jq` leave. */
export function isQuoted(text: string): boolean {
  return /^["'`“”„‘’]|["'`“”‘’]$/.test(text.trim());
}
