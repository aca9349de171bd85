import * as fc from 'fast-check';
import { relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { folderOf, pathFor } from '../../src/deliver/path.ts';
import { character } from '../support/character.ts';

const path = (template: string, names: Record<string, string>): string => pathFor(template, names, 'lab-ada');

describe('pathFor', () => {
  test('fills the placeholders', () => {
    expect(path('/s/{key_alias}/{user}.env', { key_alias: 'lab-ada', user: 'ada' })).toBe('/s/lab-ada/ada.env');
    expect(path('/s/{{x}}/..env', {})).toBe('/s/{x}/..env');
  });

  test.each([
    ['/s/{user}.env', '../ada'],
    ['/s/{user}.env', 'a\\b'],
    ['/s/{user}.env', 'a\0b'],
    ['/s/{user}.env', 'a\nb'],
    ['/s/{user}', '..'],
    ['/s/{user}/x', '.'],
    ['/s/{user}', ''],
    ['/s/{user}.', '.'],
  ])('refuses %j with %j, and names the key', (template, user) => {
    expect(() => path(template, { user })).toThrow(/^lab-ada was not delivered: /);
  });

  test.each(['CON', 'nul.txt', 'com¹', 'ada.', 'ada ', 'C:ada', 'a?b', 'a|b', 'lpt9 .env'])(
    'refuses %j on Windows, where it is no file, and nowhere else',
    (user) => {
      expect(() => pathFor('/s/{user}', { user }, 'lab-ada', 'win32')).toThrow(/no name for a file on Windows/);
      expect(pathFor('/s/{user}', { user }, 'lab-ada', 'linux')).toBe(`/s/${user}`);
    },
  );

  test('lets the user of Windows write the rest of the path as it is', () => {
    expect(pathFor('C:\\con.d\\{user}.env', { user: 'ada' }, 'lab-ada', 'win32')).toBe('C:\\con.d\\ada.env');
    expect(pathFor('C:\\keys.env', {}, 'lab-ada', 'win32')).toBe('C:\\keys.env');
  });

  test.each([
    ['/s/{user}/k.env', '/s/'],
    ['/s/a-{user}', '/s/'],
    ['/{{user}}/{user}', '/{user}/'],
    ['/{user}', '/'],
    ['/s/{{x}}/{user}', '/s/{x}/'],
    ['/s/k.env', null],
  ])('knows the folder of %s', (template, within) => {
    expect(folderOf(template)).toBe(within);
  });

  test('refuses a path with the secret in it, and one that names what the key does not have', () => {
    expect(() => path('/s/{key}.env', {})).toThrow(/names of files are no secret/);
    expect(() => path('/s/{email}.env', { user: 'ada' })).toThrow(
      'lab-ada has no {email}, which its delivery asks for.',
    );
  });

  test('never leaves the folder of its literal part', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: character }),
        fc.constantFrom('/s/{u}', '/s/{u}/k', '/s/a{u}', '/s/{u}{u}'),
        (u, template) => {
          try {
            const inside = relative('/s', path(template, { u }));
            expect(inside.split(sep)).not.toContain('..');
            expect(inside).not.toBe('');
          } catch (error) {
            expect(error).toBeInstanceOf(VkeysError);
          }
        },
      ),
    );
  });
});
