/** What a person wants, and the commands with which they ask for it. */
import type { JsonObject } from '../../src/base/json.ts';
import { between, pick, type Random } from '../support/random.ts';

/** The spec: a crew of so many and a key of its own, with these fields for all. */
export type Intent = { readonly members: number; readonly fields: JsonObject };

export type Command = {
  readonly name: 'apply' | 'change a field' | 'add keys' | 'prune' | 'delete';
  readonly argv: readonly string[];
  /** The spec when the command runs. */
  readonly intent: Intent;
};

const APPLY = ['apply', '-f', 'spec.yaml'];
const PRUNE = [...APPLY, '--prune', '--yes', '--max-deletions', '100%'];
const DELETE = ['delete', '-f', 'spec.yaml', '--yes'];

/** `user_id` is whose use all keys are counted for. */
export function firstIntent(random: Random, user_id: string): Intent {
  return {
    members: between(random, 1, 4),
    fields: {
      models: ['gpt-4o-mini'],
      duration: '3d',
      max_budget: between(random, 1, 50),
      tpm_limit: between(random, 100, 900),
      metadata: { cost_center: 'training' },
      user_id,
    },
  };
}

/** A command that somebody might give next. */
export function nextCommand(random: Random, intent: Intent): Command {
  const name = pick(random, ['apply', 'change a field', 'change a field', 'add keys', 'prune', 'delete'] as const);
  switch (name) {
    case 'apply':
      return { name, argv: APPLY, intent };
    case 'change a field':
      return { name, argv: APPLY, intent: { ...intent, fields: { ...intent.fields, ...otherField(random) } } };
    case 'add keys':
      return { name, argv: APPLY, intent: { ...intent, members: intent.members + between(random, 1, 3) } };
    case 'prune':
      return { name, argv: PRUNE, intent: { ...intent, members: Math.max(1, intent.members - between(random, 1, 3)) } };
    case 'delete':
      return { name, argv: DELETE, intent };
  }
}

/** Brings everything in order when nothing goes wrong. */
export function repair(intent: Intent): Command {
  return { name: 'prune', argv: PRUNE, intent };
}

/** Ends a workshop when nothing goes wrong, with the keys that an earlier spec named. */
export function end(intent: Intent): Command {
  return { name: 'delete', argv: [...DELETE, '--prune'], intent };
}

function otherField(random: Random): JsonObject {
  return pick<JsonObject>(random, [
    { max_budget: between(random, 51, 99) },
    { tpm_limit: between(random, 1000, 9000) },
    { tpm_limit: null },
    { rpm_limit: between(random, 1, 99) },
    { max_parallel_requests: between(random, 1, 9) },
    { models: pick(random, [[], ['gpt-4o-mini', 'claude-sonnet']]) },
    { metadata: { cost_center: 'travel', room: between(random, 1, 9) } },
    { duration: pick(random, ['5d', '36h']) },
    { budget_duration: '30d' },
  ]);
}
