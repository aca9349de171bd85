/** Rosters as people have them, told in a handful of lines. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import type { Change } from '../../src/model/change.ts';
import { planText } from '../../src/view/plan.ts';
import { reportText } from '../../src/view/report.ts';
import { about, applied, desired, live, LOOK, NOW, plan, report } from './values.ts';

type Person = Readonly<Record<'user' | 'name' | 'email' | 'team', string>>;

const FIRST = ['Ada', 'Bob', 'Zoë', 'Max', 'Lea', 'Tim'];
const PEOPLE: readonly Person[] = Array.from({ length: 58 }, (_, index) => {
  const first = FIRST[index % FIRST.length] ?? '';
  const name = index % 2 === 0 ? `Smith, ${first}` : `${first} Wu`;
  const user = `${first.toLowerCase()}.${String.fromCodePoint(97 + (index % 26))}${'x'.repeat(index % 7)}`;
  return { user, name, email: `${user}@example.org`, team: ['red', 'blue'][index % 2] ?? '' };
});

function creationFor(person: Person, fields: Readonly<Record<string, Json>>): Change {
  const name = `lab-${person.user}`;
  const user_id = fields['user_id'];
  const placeholders = { ...person, set: 'lab', key_alias: name, ...(typeof user_id === 'string' ? { user_id } : {}) };
  const changes = Object.entries(fields).map(([field, to]) => ({ field, from: null, to }));
  const { user } = person;
  return {
    ...about(name, changes),
    action: 'create',
    desired: { ...desired(name, { user }), placeholders },
    live: null,
  };
}

const CROWD = PEOPLE.map((person) =>
  creationFor(person, {
    models: ['gpt-4o-mini'],
    user_id: person.email,
    'metadata.name': person.name,
    'metadata.who': `${person.name} <${person.email}>`,
    'metadata.tags': [person.team, 'course'],
  }),
);

describe('a roster', () => {
  it('of 58 people is a handful of lines in a plan', () => {
    expect(planText(plan(CROWD), LOOK)).toMatchInlineSnapshot(`
      "ai-workshop

        + lab-ada.a, lab-bob.bx, lab-zoë.cxx, lab-max.dxxx, lab-lea.exxxx, lab-tim.fxxxxx,
          lab-ada.gxxxxxx, lab-bob.h, and 50 more (58 keys)
            models         gpt-4o-mini
            user_id        {email}
            metadata.name  {name}
            metadata.who   {name} <{email}>
            metadata.tags  {team}, course

      Plan: 58 to create, 0 to update, 0 to delete, 0 unchanged.
      "
    `);
  });

  it('is as few in a report', () => {
    const text = reportText(report(CROWD.map((change) => applied(change))), LOOK, {
      showKeys: false,
      seconds: 1,
      ended: NOW,
    });
    expect(text).toMatchInlineSnapshot(`
      "  + lab-ada.a, lab-bob.bx, lab-zoë.cxx, lab-max.dxxx, lab-lea.exxxx, lab-tim.fxxxxx,
          lab-ada.gxxxxxx, lab-bob.h, and 50 more (58 created)
            models         gpt-4o-mini
            user_id        {email}
            metadata.name  {name}
            metadata.who   {name} <{email}>
            metadata.tags  {team}, course

      Applied: 58 created in 1.0 s.
      2026-11-21 12:00:00 UTC, https://litellm.example.com
      "
    `);
  });

  it('with a column user_id says so, and does not say so where the ids are no column', () => {
    const with_column = PEOPLE.slice(0, 3).map((person) =>
      creationFor(person, { user_id: `u-${person.team}${person.user.length}` }),
    );
    expect(planText(plan(with_column), LOOK)).toContain('user_id  {user_id}\n');
    const by_hand = with_column.map((change) => ({ ...change, desired: desired(change.ref.name) }));
    expect(planText(plan(by_hand), LOOK)).toContain('user_id  lab-ada.a    u-red5\n');
  });

  it('tells numbers as they are, and whoever has another one', () => {
    const some = PEOPLE.slice(0, 3).map((person, index) =>
      creationFor({ ...person, team: '5' }, { max_budget: index === 1 ? 20 : 5 }),
    );
    const text = planText(plan(some), LOOK);
    expect(text).toContain('+ lab-ada.a, lab-zoë.cxx (2 keys)\n      max_budget  5\n');
    expect(text).toContain('+ lab-bob.bx\n      max_budget  20\n');
  });

  it('tells both sides of a change by their columns', () => {
    const changes = PEOPLE.slice(0, 20).map((person): Change => {
      const name = `lab-${person.user}`;
      const fields = [
        { field: 'metadata.team', from: null, to: person.team },
        { field: 'user_id', from: person.user, to: person.email },
      ];
      const wanted = { ...desired(name, { user: person.user }), placeholders: { ...person, key_alias: name } };
      return { ...about(name, fields), action: 'update', desired: wanted, live: live(name) };
    });
    const text = planText(plan(changes), LOOK);
    expect(text).toContain('metadata.team  not set → {team}\n');
    expect(text).toContain('user_id        {user} → {email}\n');
  });

  it('names everybody whose key goes', () => {
    const gone = PEOPLE.map(({ user }): Change => {
      const name = `lab-${user}`;
      return { ...about(name), action: 'delete', because: 'pruned', desired: null, live: live(name) };
    });
    const text = planText(plan(gone), LOOK);
    for (const { user } of PEOPLE) expect(text).toContain(`lab-${user}`);
  });
});
