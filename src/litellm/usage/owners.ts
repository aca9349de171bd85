import type { UsageCell } from '../../model/usage.ts';

/** Whose a key can be. */
export type Owner = 'user' | 'team';

/** Whose keys are, for sources that know keys and not whose they are. */
export type Owners = {
  readonly learn: (key_id: string, owner: Owner, id: string | null) => void;
  /** The cells with the owners that were asked for. */
  readonly give: (cells: readonly UsageCell[]) => readonly UsageCell[];
};

/** Knows nobody yet. */
export function startOwners(wanted: readonly Owner[]): Owners {
  const known = { user: new Map<string, string>(), team: new Map<string, string>() };
  /* Of many keys few owners are different: each is held once, apart from the answer that it was cut from. */
  const texts = new Map<string, string>();
  return {
    learn: (key_id, owner, id) => {
      if (id === null) return;
      const text = texts.get(id) ?? Buffer.from(id).toString();
      texts.set(text, text);
      known[owner].set(Buffer.from(key_id).toString(), text);
    },
    give: (cells) =>
      wanted.length === 0
        ? cells
        : cells.map((cell) => ({
            ...cell,
            user_id: wanted.includes('user') ? (known.user.get(cell.key_id ?? '') ?? cell.user_id) : cell.user_id,
            team_id: wanted.includes('team') ? (known.team.get(cell.key_id ?? '') ?? cell.team_id) : cell.team_id,
          })),
  };
}
