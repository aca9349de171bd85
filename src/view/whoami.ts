import { oneLine } from '../encode/terminal.ts';
import type { Secret } from '../base/secret.ts';
import { KEY_STATE_WORDS, type KeyState } from '../model/key-state.ts';
import type { Live } from '../model/resource.ts';
import { cardText } from './card.ts';
import { cardLines, type CardField } from './card-lines.ts';
import type { Look } from './look.ts';

/** What a key is: as `get` shows it, or as much as it may know of itself. */
export function whoamiText(
  state: KeyState,
  live: Live | null,
  secret: Secret,
  api_base_url: string,
  look: Look,
): string {
  const listed: readonly CardField[] = state.is === 'works' ? [['may use', namesText(state.models)]] : [];
  if (live !== null) {
    const card = cardText(live, look, { secret, showKey: false, api_base_url });
    return `${card}${state.is === 'works' ? `\nIt may use ${namesText(state.models)}.\n` : saidText(state)}`;
  }
  const fields: readonly CardField[] = [['key', secret.masked()], ['base URL', oneLine(api_base_url)], ...listed];
  const unsaid = 'It may not read more of itself: whoever made it sees it with vkeys get.\n';
  return `${cardLines('A key', fields, look)}\n${state.is === 'works' ? unsaid : saidText(state)}`;
}

function saidText(state: Exclude<KeyState, { readonly is: 'works' }>): string {
  const { what, hint } = KEY_STATE_WORDS[state.is];
  return `\n${what}${state.why === '' ? '.' : `: ${oneLine(state.why)}`}\nnext:  ${hint}\n`;
}

function namesText(models: readonly string[]): string {
  return models.length === 0 ? 'no model' : models.map(oneLine).join(', ');
}
