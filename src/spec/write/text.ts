/** Documents as the text of a spec file. */
import type { JsonObject } from '../../base/json.ts';
import { oneLine } from '../../encode/terminal.ts';
import { yamlText } from '../../encode/yaml.ts';

/** `remarks`: what whoever reads the file has to know, a comment each. */
export function specText(documents: readonly JsonObject[], remarks: readonly string[]): string {
  const comments = remarks.map((remark) => `# ${oneLine(remark)}\n`).join('');
  return comments + documents.map(yamlText).join('---\n');
}
