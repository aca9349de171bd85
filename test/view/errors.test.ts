import { expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { diagnosticsJson, diagnosticsText } from '../../src/view/diagnostics.ts';
import { errorJson, errorText } from '../../src/view/error.ts';
import { checksText } from '../../src/view/checks.ts';
import { LOOK } from './values.ts';

const ERROR = new VkeysError('auth', 'The server refuses the master key.', 'Look at LITELLM_MASTER_KEY.\nOr log in.', {
  facts: { status: 401, kind: 'x' },
});

test('an error says what happened, what to do next, and what explains it', () => {
  expect(errorText(ERROR, LOOK)).toBe(
    'error: The server refuses the master key.\nnext:  Look at LITELLM_MASTER_KEY.\n       Or log in.\nmore:  vkeys help auth\n',
  );
  expect(errorText(new VkeysError('api', 'No.', ''), LOOK)).toBe('error: No.\n');
  const refusals = (['foreign', 'guard', 'lifetime'] as const).map((code) => ({
    code,
    ref: null,
    message: 'No.',
    hint: null,
  }));
  expect(errorText(Object.assign(new VkeysError('refused', 'No.', ''), { refusals }), LOOK)).toBe(
    'error: No.\nmore:  vkeys help faults\n',
  );
});

test('an error for programs has its kind and its facts', () => {
  expect(errorJson(ERROR)).toEqual({
    kind: 'auth',
    message: 'The server refuses the master key.',
    hint: 'Look at LITELLM_MASTER_KEY.\nOr log in.',
    status: 401,
  });
});

test('the problems of a spec have their places', () => {
  const problem = {
    origin: { file: 'workshop.yaml', line: 3, column: 5 },
    rule: 'unknown-field',
    message: 'max_bugdet is no field.',
    hint: 'Did you mean max_budget?',
    frame: '2 | keys:\n3 |   max_bugdet: 5\n  |   ^',
  };
  expect(diagnosticsText([problem, { ...problem, frame: '', hint: '' }], LOOK)).toMatchInlineSnapshot(`
    "workshop.yaml:3:5: max_bugdet is no field.
      2 | keys:
      3 |   max_bugdet: 5
        |   ^
      Did you mean max_budget?

    workshop.yaml:3:5: max_bugdet is no field.

    2 problems found. More: vkeys help spec
    "
  `);
  expect(diagnosticsText([], LOOK)).toBe('0 problems found.\n');
  expect(diagnosticsJson([problem])).toEqual([
    {
      file: 'workshop.yaml',
      line: 3,
      column: 5,
      rule: 'unknown-field',
      message: problem.message,
      hint: problem.hint,
      frame: problem.frame,
    },
  ]);
});

test('what doctor found is a line each, with what to do below', () => {
  const checks = [
    { name: 'address', state: 'ok', message: 'It answers.', hint: null },
    { name: 'database', state: 'warning', message: 'None.', hint: 'Give it one.' },
  ] as const;
  expect(checksText(checks, LOOK)).toBe(
    'ok       address     It answers.\nwarning  database    None.\n                     Give it one.\n',
  );
});
