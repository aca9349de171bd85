import { expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import type { Live } from '../../src/model/resource.ts';
import { movedTo } from '../../src/plan/moved.ts';
import { after, live, NOW } from '../support/make.ts';

const thing = (kind: string, id: string, more: Partial<Live>): Live => ({
  ...live({ name: id, mark: null, id }),
  kind,
  ...more,
});

it('moves things without what the other server cannot hold, and tells what stays', () => {
  const vkeys = { set: 'ws', name: 'a', sealed: { logging: 'f00d' } };
  const { moved, notices } = movedTo(
    [
      thing('key', 'a', {
        settings: { tpd_limit: 1, max_budget: 5 },
        metadata: { logging: ['litellm_enc::x'], fine: 1, vkeys },
        mark: { set: 'ws', name: 'a' },
        expires: after(60),
      }),
      thing('key', 'over', { expires: after(-60) }),
      thing('key', 'nameless', { name: null }),
      thing('team', 't1', { settings: { max_budget: 1 } }),
      thing('team', 't2', {}),
      thing('member', 't1/ada', { settings: { team_id: 't1', user_id: 'ada', role: 'admin' } }),
      thing('member', 't1/bob', { settings: { team_id: 't1', user_id: 'bob', role: 'user' } }),
      thing('user', 'ada', {}),
    ],
    KINDS,
    '1.83.14',
    NOW,
  );
  expect(moved.map(({ desired: { ref, settings } }) => [ref.kind, ref.name, settings])).toEqual([
    ['key', 'a', { max_budget: 5 }],
    ['team', 't1', { max_budget: 1, admins: ['ada'] }],
    ['team', 't2', {}],
    ['member', 't1/ada', { team_id: 't1', user_id: 'ada', role: 'admin' }],
    ['member', 't1/bob', { team_id: 't1', user_id: 'bob', role: 'user' }],
    ['user', 'ada', {}],
  ]);
  expect(moved[0]?.desired).toMatchObject({ metadata: { fine: 1 }, lifetime: { expires: after(60) } });
  expect(moved[0]?.desired).not.toHaveProperty('memo');
  expect(notices.map(({ ref, message }) => `${String(ref?.name)}: ${message}`)).toEqual([
    'a: tpd_limit is left out: LiteLLM 1.83.14 does not know it.',
    'a: metadata.logging is left out: its server has encrypted it, and no other can read it.',
    `over: It has ended ${after(-60)}, so it is not moved.`,
    'nameless: It has no alias, so it is not moved.',
  ]);
});
