/** What a look at the server tells a keyring: which of its keys are there, or back, and which are not. */
import type { KeyringState, Line } from '../model/keyring.ts';
import { workingName } from '../model/rotation.ts';
import type { Surveys } from '../model/survey.ts';
import { sandboxLines } from '../plan/sandbox.ts';
import { mayStillCome } from '../plan/withdraw.ts';

/** The lines with which the keyring follows the survey. A deletion that was cut is finished: its key is gone. */
export function seenLines(state: KeyringState, surveys: Surveys): readonly Line[] {
  const keys = surveys.get('key');
  if (keys === undefined) return [];
  const live = new Set(keys.lives.map(({ id }) => id));
  const at = keys.now.toISOString();
  const lines: Line[] = [...sandboxLines(state, surveys)];
  for (const entry of state.entries.values()) {
    const { key_id, gone, deleting, places } = entry;
    if (live.has(key_id)) {
      if (gone !== null || deleting) lines.push({ op: 'back', key_id });
    } else if (deleting && places.length === 0) lines.push({ op: 'drop', key_id, why: 'deleted' });
    else if (gone === null && !deleting && !mayStillCome(entry, keys.now)) lines.push({ op: 'gone', key_id, at });
  }
  /* A creation that did not come in all this time was never begun. */
  const marks = new Set(keys.lives.map(({ mark }) => mark?.mint));
  for (const asked of state.asked.values()) {
    const isOver = keys.complete && !marks.has(asked.mint) && !mayStillCome({ pending: true, at: asked.at }, keys.now);
    if (isOver) lines.push({ op: 'answered', mint: asked.mint });
  }
  /* Of a key that is gone, and its new one with it, there is nothing to go on with. */
  const names = new Set(keys.lives.map(({ name }) => name));
  for (const { of, name } of state.rotations.values()) {
    if (keys.complete && !live.has(of) && !names.has(workingName(name))) lines.push({ op: 'rotated', of });
  }
  return lines;
}
