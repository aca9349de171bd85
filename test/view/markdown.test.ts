import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { plansMarkdown } from '../../src/view/markdown.ts';
import { aliases, creation, LOOK, noop, plan, ref, update } from './values.ts';

const LOOKED = { ...LOOK, columns: null };

function markdown(...plans: readonly Plan[]): string {
  return plansMarkdown(plans, LOOKED);
}

describe('a plan as Markdown', () => {
  it('has its sum in words and its changes in a fence', () => {
    const changes = [
      ...aliases(3).map((name) => creation(name, { max_budget: 5 })),
      update('boss', [{ field: 'max_budget', from: 5, to: 10 }]),
    ];
    const notices = [
      { code: 'orphan', ref: ref('old'), message: 'Is not in the spec.', hint: 'Use --prune.' },
    ] as const;
    expect(markdown(plan(changes, { notices }))).toMatchInlineSnapshot(`
      "### vkeys plan: \`ai-workshop\`

      **Plan: 3 to create, 1 to update, 0 to delete, 0 unchanged.**

      \`\`\`diff
      + lab-user1 … user3 (3 keys)
            max_budget  5

      ~ boss
            max_budget  5 → 10

      notice: old: Is not in the spec.
        Use --prune.
      \`\`\`
      "
    `);
  });

  it('is a line where there is nothing to do, and a part for each set', () => {
    expect(markdown(plan([noop('a')]), plan([], { set: 'other' }))).toBe(
      '### vkeys plan: `ai-workshop`\n\nNo changes. 1 key is as the spec says.\n\n' +
        '### vkeys plan: `other`\n\nNo changes. The spec wants no keys.\n',
    );
  });

  it('is folded where it is long', () => {
    const changes = Array.from({ length: 20 }, (_, n) => creation(`key-${'x'.repeat(n + 1)}`, { max_budget: n }));
    const text = markdown(plan(changes));
    expect(text).toContain(
      '<details>\n<summary>Plan: 20 to create, 0 to update, 0 to delete, 0 unchanged.</summary>\n\n```diff\n',
    );
    expect(text).toMatch(/\n```\n\n<\/details>\n$/);
  });

  it('fits into a comment, and says what is left out', () => {
    const changes = Array.from({ length: 3000 }, (_, n) =>
      creation(`key ${String.fromCodePoint(0x4e00 + n)}`, { max_budget: n }),
    );
    const text = markdown(plan(changes), plan(changes, { set: 'other' }));
    expect(text.length).toBeLessThan(65_536);
    expect(text.match(/^\d+ more lines are left out: `vkeys plan` shows all of it\.$/gm)).toHaveLength(2);
    expect(text.match(/^<\/details>$/gm)).toHaveLength(2);
  });

  it.each([
    '```',
    '````',
    '</details>',
    '<img src=x onerror=y>',
    '@everyone',
    '# x',
    '| a | b |',
    '[a](javascript:b)',
    '~~~',
    '\n```\n',
  ])('leaves %j in its fence', (name) => {
    const notice = { code: 'orphan', ref: ref(name), message: name, hint: name } as const;
    const text = markdown(
      plan([creation(name, { user_id: name, 'metadata.x': [name] })], { notices: [notice], refusals: [notice] }),
    );
    expect(outside(text)).toBe(
      '### vkeys plan: `ai-workshop`\n\n**Plan: 1 to create, 0 to update, 0 to delete, 0 unchanged. Refused: apply would stop at 1 problem.**\n\n',
    );
  });

  it('has nothing of a key outside of its fence', () => {
    const name = fc.string({
      unit: fc.constantFrom('`', '~', '\n', ' ', '<', '>', 'a', '#'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(name, name, (alias, value) => {
        const text = outside(markdown(plan([creation(alias, { 'metadata.x': value })])));
        expect(text).toBe(
          '### vkeys plan: `ai-workshop`\n\n**Plan: 1 to create, 0 to update, 0 to delete, 0 unchanged.**\n\n',
        );
      }),
    );
  });
});

/** What a reader of Markdown takes for text: all but fences. */
function outside(text: string): string {
  const kept: string[] = [];
  let mark: string | null = null;
  for (const row of text.split('\n')) {
    if (mark === null) {
      const [, opening] = /^ {0,3}(`{3,})/.exec(row) ?? [];
      if (opening === undefined) kept.push(row);
      else mark = opening;
    } else if (new RegExp(`^ {0,3}${mark}\`*\\s*$`).test(row)) mark = null;
  }
  expect(mark).toBeNull();
  return kept.join('\n');
}
