import { copyOf } from '../../base/copy.ts';
import type { UsageCell } from '../../model/usage.ts';

/** Whose a key can be. */
export type Owner = 'user' | 'team';

/** Whose keys are, for sources that know keys and not whose they are. */
export type Owners = {
  readonly learn: (key_id: string, owner: Owner, id: string | null) => void;
  /** The cell with the owners that were asked for. */
  readonly give: (cell: UsageCell) => UsageCell;
};

/** Knows nobody yet. */
export function startOwners(wanted: readonly Owner[]): Owners {
  const known = { user: new Map<string, string>(), team: new Map<string, string>() };
  /* Of many keys few owners are different: each is held once, apart from the answer that it was cut from. */
  const texts = new Map<string, string>();
  return {
    learn: (key_id, owner, id) => {
      if (id === null) return;
      const text = texts.get(id) ?? copyOf(id);
      texts.set(text, text);
      known[owner].set(copyOf(key_id), text);
    },
    give: (cell) => {
      const owned = (owner: Owner, id: string | null): string | null =>
        wanted.includes(owner) ? (known[owner].get(cell.key_id ?? '') ?? id) : id;
      if (wanted.length === 0) return cell;
      return { ...cell, user_id: owned('user', cell.user_id), team_id: owned('team', cell.team_id) };
    },
  };
}
