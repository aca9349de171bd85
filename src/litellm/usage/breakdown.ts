/**
 * One day of a page of activity as cells. A page tells entities and models each by key, and not by one another: where both are
 * asked for, they meet in their key. On one day a key is nearly always of one team and one user; where it is not, the
 * model of those requests stays unknown, and so it does for requests that were refused before 1.83, which have no key. Pure.
 */
import { NO_USAGE, type Figures, type UsageCell } from '../../model/usage.ts';
import { keyNameIn } from './key-name.ts';
import type { ActivityDay, Metrics, Parts } from './shapes.ts';

/** What the entities of a page are. */
export type Entity = 'user' | 'team' | 'tag';

export type BreakdownOptions = {
  readonly entity: Entity;
  /** What has to be told apart beside keys. */
  readonly byEntity: boolean;
  readonly byModel: boolean;
  readonly own: string | null;
};

/** What LiteLLM calls the entity of requests that have none. */
const UNASSIGNED = 'Unassigned';

type Named = Pick<UsageCell, 'user_id' | 'team_id' | 'team_alias' | 'tag'>;

/** What one key has of each entity or model. */
type Shares = ReadonlyMap<string, Metrics>;

export function cellsOf({ date, breakdown }: ActivityDay, options: BreakdownOptions): readonly UsageCell[] {
  const { api_keys, models, entities = {} } = breakdown;
  const byEntity = options.byEntity ? byKey(entities) : null;
  const byModel = options.byModel ? byKey(models) : null;
  /* Before 1.77 models have no keys. */
  if (byModel?.size === 0) {
    return Object.entries(models).map(([model, { metrics }]) => ({
      ...NO_USAGE,
      day: date,
      model,
      ...figuresOf(metrics),
    }));
  }
  const nameOf = (name: string): Named => entityNamed(options.entity, name, entities[name]?.metadata.team_alias);
  return Object.entries(api_keys).flatMap(([api_key, { metrics, metadata }]) => {
    const key_alias = metadata.key_alias ?? null;
    const key = { ...NO_USAGE, day: date, key_id: keyNameIn(api_key, key_alias, options.own), key_alias };
    const ofEntity = byEntity?.get(api_key) ?? null;
    const ofModel = byModel?.get(api_key) ?? null;
    const [one] = ofEntity?.keys() ?? [];
    if (ofModel !== null && (ofEntity === null || ofEntity.size === 1)) {
      const named = one === undefined ? {} : nameOf(one);
      return [...ofModel].map(([model, counted]) => ({ ...key, ...named, model, ...figuresOf(counted) }));
    }
    if (ofEntity === null) return [{ ...key, ...figuresOf(metrics) }];
    const [model = null, ...others] = ofModel?.keys() ?? [];
    return [...ofEntity].map(([name, counted]) => ({
      ...key,
      ...nameOf(name),
      model: others.length === 0 ? model : null,
      ...figuresOf(counted),
    }));
  });
}

/** What LiteLLM counted, in our words. */
export function figuresOf(metrics: Metrics): Figures {
  const { api_requests, failed_requests, prompt_tokens, completion_tokens, spend } = metrics;
  return { requests: api_requests, failed: failed_requests, prompt_tokens, completion_tokens, spend };
}

/** The cell's members for an entity; an empty name is nobody's. */
export function entityNamed(entity: Entity, name: string, alias: string | null | undefined): Named {
  const id = name === UNASSIGNED || name === '' ? null : name;
  return {
    user_id: entity === 'user' ? id : null,
    team_id: entity === 'team' ? id : null,
    team_alias: entity === 'team' ? (alias ?? null) : null,
    tag: entity === 'tag' ? id : null,
  };
}

function byKey(parts: Parts): ReadonlyMap<string, Shares> {
  const keys = new Map<string, Map<string, Metrics>>();
  for (const [name, { api_key_breakdown }] of Object.entries(parts)) {
    for (const [api_key, { metrics }] of Object.entries(api_key_breakdown)) {
      const shares = keys.get(api_key) ?? new Map<string, Metrics>();
      keys.set(api_key, shares.set(name, metrics));
    }
  }
  return keys;
}
