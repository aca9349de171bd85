/** What a person wants, and the commands with which they ask for it. */
import type { JsonObject } from '../../src/base/json.ts';
import { between, pick, type Random } from '../support/random.ts';

/** The spec: a crew of so many and a key of its own, with these fields for all. */
export type Intent = { readonly members: number; readonly fields: JsonObject };

export type Command = {
  readonly name: (typeof BY_SPEC)[number] | 'delete' | (typeof BY_HAND)[number] | 'rotate';
  readonly argv: readonly string[];
  /** The spec when the command runs. */
  readonly intent: Intent;
};

/** What makes all keys as the spec says, and what changes those that are there in one way. */
const BY_SPEC = ['apply', 'change a field', 'add keys', 'prune', 'rotate: in the spec', 'opens: in the spec'] as const;
const BY_HAND = ['extend', 'block', 'unblock', 'raise', 'open', 'gc'] as const;

export function isBySpec({ name }: Pick<Command, 'name'>): boolean {
  return BY_SPEC.some((each) => each === name);
}

export const APPLY = ['apply', '-f', 'spec.yaml'];
const PRUNE = [...APPLY, '--prune', '--yes', '--max-deletions', '100%'];
const DELETE = ['delete', '-f', 'spec.yaml', '--yes'];
/** Secrets that are due stay. */
export const AS_THEY_ARE = '--no-rotate';

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
  const { members } = intent;
  switch (name) {
    case 'apply':
      return { name, argv: random() < 0.3 ? [...APPLY, AS_THEY_ARE] : APPLY, intent };
    case 'change a field':
      return { name, argv: APPLY, intent: { ...intent, fields: { ...intent.fields, ...otherField(random) } } };
    case 'add keys':
      return { name, argv: APPLY, intent: { ...intent, members: members + between(random, 1, 3) } };
    case 'prune':
      return { name, argv: PRUNE, intent: { ...intent, members: Math.max(1, members - between(random, 1, 3)) } };
    case 'delete':
      return { name, argv: DELETE, intent };
  }
}

/** Brings everything in order when nothing goes wrong. */
export function repair(intent: Intent): Command {
  return { name: 'prune', argv: PRUNE, intent };
}

/** The same, and no secret is replaced that is not being replaced already. */
export function tidy(intent: Intent): Command {
  return { name: 'prune', argv: [...PRUNE, AS_THEY_ARE], intent };
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
