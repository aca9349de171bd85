/** What is wrong with a value, with its place. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import { load, messagesOf } from '../../load.ts';
import { resource } from './resource.ts';

const yaml = (kind: string, spec: string): string =>
  `apiVersion: auth.litellm.ai/v1alpha1\nkind: ${kind}\nmetadata: { name: a }\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`;

describe('a wrong value', () => {
  test.each([
    ['maxBudget: ten', '6:14 value: "ten" is no amount of US dollars.'.replace('"ten"', 'maxBudget "ten"')],
    ['maxBudget: $10', '6:14 value: maxBudget "$10" is no amount of US dollars.'],
    ['maxBudget: "-1"', '6:14 value: maxBudget "-1" is no amount of US dollars.'],
    ['maxBudget: "1e999"', '6:14 value: maxBudget "1e999" is no amount of US dollars.'],
    ['maxBudget: -1', '6:14 value: maxBudget is less than 0.'],
    ['maxBudget: true', '6:14 type: maxBudget has to be a number or text, but it is true.'],
    ['modelMaxBudget: { m: x }', '6:24 value: m "x" is no amount of US dollars.'],
    ['modelRPMLimit: { m: x }', '6:23 value: m "x" is no whole number.'],
    ['modelRPMLimit: { m: 1.5 }', '6:23 type: m has to be a whole number or text, but it is 1.5.'],
    ['budgetDuration: 1 month', '6:19 value: budgetDuration "1 month" is no duration.'],
    ['rpmLimit: "5"', '6:13 type: rpmLimit has to be a number, but it is text.'],
    ['rpmLimit: -5', '6:13 value: rpmLimit is less than 0.'],
    ['blocked: "yes"', '6:12 type: blocked has to be true or false, but it is text.'],
    ['models: gpt-4o', '6:11 type: models has to be a list, but it is text.'],
    ['metadata: { course: 101 }', '6:23 type: course has to be text, but it is 101.'],
    ['max_budget: "1"', '6:3 unknown-field: There is no field "max_budget" here. Did you mean maxBudget?'],
    ['maxBudgt: "1"', '6:3 unknown-field: There is no field "maxBudgt" here. Did you mean maxBudget?'],
    ['userId: ada', '6:3 unknown-field: There is no field "userId" here. Did you mean userID?'],
    ['connectionRef: { instanceRef: { nam: x } }', '6:33 missing: name is missing.'],
    ['metadata: { "{x}": y }', '6:15 placeholder: {x} cannot be in a name.'],
    ['metadata: { vkeys: y }', '6:15 metadata: metadata.vkeys is where vkeys keeps whose key it is.'],
  ])('%s', async (line, message) => {
    expect((await messagesOf(yaml('VirtualKey', `keyAlias: k\n${line}`)))[0]).toBe(message);
  });

  test.each([
    ['VirtualKey', 'keyAlias: ""', '5:13 value: keyAlias is empty.'],
    [
      'VirtualKey',
      'keyAlias: sk-abcdefghijklmnop',
      '5:13 alias: An alias may have no word that begins with sk-, as the keys themselves do.',
    ],
    [
      'User',
      'userRole: admin',
      '5:13 value: userRole has to be proxy_admin or proxy_admin_viewer or internal_user or internal_user_viewer.',
    ],
    ['User', 'userAlias: ada', '5:3 missing: userEmail is missing.'],
    [
      'User',
      'userEmail: a@b\nautoCreateKey: true',
      '6:18 missing: keyAlias is missing, which names the key that autoCreateKey asks for.',
    ],
    ['Team', 'models: []', '5:3 missing: teamAlias is missing.'],
    ['Team', 'teamAlias: " lab"', '5:14 name: The team " lab" begins or ends with a blank.'],
  ])('of a %s: %s', async (kind, spec, message) => {
    expect(await messagesOf(yaml(kind, spec))).toEqual([message]);
  });

  test('has a hint that leads on, and the line around it', async () => {
    const { problems } = await load(yaml('VirtualKey', 'keyAlias: k\nmaxBudget: ten\nmodels: 5'));
    expect(problems).toMatchInlineSnapshot(`
      "spec.yaml:6:14 value: maxBudget "ten" is no amount of US dollars.
      5 |   keyAlias: k
      6 |   maxBudget: ten
        |              ^
      7 |   models: 5
      Write it like "10" or "2.50".

      spec.yaml:7:11 type: models has to be a list, but it is 5.
      6 |   maxBudget: ten
      7 |   models: 5
        |           ^
      8 |
      models: models that the key may use; [] is all of them."
    `);
  });
});

test('a key is refused, and not shown', async () => {
  const { problems } = await load(JSON.stringify(resource('VirtualKey', { key: 'my-own-secret-1', keyAlias: 'k' })));
  expect(problems).toContain('spec.yaml:1:100 secret: A spec has no secrets in it, so key cannot be given.');
  expect(problems).not.toContain('my-own-secret');
});

test('a user is known by its id, by that which the operator has seen, or by its address', async () => {
  const nameOf = async (spec: JsonObject, status?: JsonObject): Promise<string | undefined> => {
    const text = JSON.stringify(resource('User', spec, status === undefined ? {} : { status }));
    return (await load(text)).specs[0]?.desired[0]?.ref.name;
  };
  expect(await nameOf({ userID: 'u', userEmail: 'a@b' }, { userID: 'seen' })).toBe('u');
  expect(await nameOf({ userEmail: 'a@b' }, { userID: 'seen' })).toBe('seen');
  expect(await nameOf({ userEmail: 'a@b' }, { userID: '' })).toBe('a@b');
  expect(await nameOf({ userEmail: 'a@b' })).toBe('a@b');
});

test('more than a run may ask for is told once', async () => {
  const key = (name: string, size: number) =>
    JSON.stringify(resource('VirtualKey', { keyAlias: name, metadata: { a: 'x'.repeat(size) } }, { name }));
  const problems = await messagesOf({ 'a.json': key('a', 1.5e7), 'b.json': key('b', 1.5e6), 'c.json': key('c', 9) });
  expect(problems).toEqual(['b.json:1:1 limit: The keys and hand-outs are more than 16 million characters.']);
});
