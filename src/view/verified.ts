/** Keys that were tried: what each server said of its. */
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import { KEY_STATE_WORDS, type KeyState } from '../model/key-state.ts';
import { isWell, type Verdict, type Verified } from '../model/verified.ts';
import type { Look } from './look.ts';
import { heldRows } from './places.ts';
import { tableText } from './table.ts';
import { count } from './value.ts';

/** For programs. */
export function verifiedJson({ set, name, key_id, url, verdict, why, models, held }: Verified): JsonObject {
  const places = held.map((each) => ({ ...each }));
  return { set, key_alias: name, key_id, url, state: verdict, why, models: [...models], held: places };
}

/** What is odd, and the sum; for a program a line for each key, and each place that is not as it should be: name, state, why. */
export function verifiedText(verified: readonly Verified[], expected: KeyState['is'], look: Look): string {
  const odd = verified.filter((each) => !isWell(each, expected));
  const places = odd.flatMap(({ name, held }) => heldRows(name, held, look));
  if (look.columns === null)
    return [
      ...verified.map(({ name, verdict, why }) => [name, verdict, ...(why === null ? [] : [why])].map(oneLine)),
      ...places,
    ]
      .map((cells) => `${cells.join('\t')}\n`)
      .join('');
  const wrong = odd.filter(({ verdict }) => verdict !== expected);
  const rows = [
    ...wrong.map(({ name, verdict, why }) => [oneLine(name), saidOf(verdict), oneLine(why ?? '')]),
    ...places,
  ];
  const well = `${String(verified.length - odd.length)} of ${count(verified.length, 'key')} ${WELL[expected]}.`;
  if (rows.length === 0) return `${well}\n`;
  const said = [...wrong.map(({ verdict }) => HINTS[verdict]), places.length === 0 ? '' : PLACES_HINT];
  const hints = [...new Set(said)].filter((hint) => hint !== '');
  return `${tableText(['key', 'state', 'why'], rows, look)}\n${well}\n${hints.map((hint) => `next:  ${hint}\n`).join('')}`;
}

function saidOf(verdict: Verdict): string {
  return verdict.replaceAll('_', ' ');
}

const WELL: Readonly<Record<KeyState['is'], string>> = {
  works: 'as they should be',
  blocked: 'blocked',
  expired: 'expired',
  over_budget: 'over budget',
  not_allowed: 'not allowed to list models',
  unknown: 'not known',
};

const PLACES_HINT = 'Hand them out again: vkeys deliver -f FILE';

const HINTS: Readonly<Record<Verdict, string>> = {
  works: '',
  blocked: KEY_STATE_WORDS.blocked.hint,
  expired: KEY_STATE_WORDS.expired.hint,
  over_budget: KEY_STATE_WORDS.over_budget.hint,
  not_allowed: KEY_STATE_WORDS.not_allowed.hint,
  unknown: KEY_STATE_WORDS.unknown.hint,
  wrong_models:
    'Give it the models: vkeys apply -f FILE, or vkeys update KEY --models NAME; or see what there is: vkeys models',
  call_failed: 'See what it may do: vkeys whoami --key-stdin < FILE; another model: --chat NAME',
  unsettled: 'Processes of a server know of a change up to a minute later: wait for them with --wait.',
  unanswered: 'See whether the server is well: vkeys doctor',
  unkept: 'Make it: vkeys apply -f FILE; or name the keyring that has it: --keyring PATH',
};
