import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/base/json.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { comparable, recordedPeople } from '../support/recorded.ts';

const MASTER_KEY = 'sk-master-1234';

describe.each(SANDBOX_VERSIONS)('people in the sandbox as %s', (version) => {
  let clock = Date.parse('2026-11-30T21:25:00.001Z');
  const sandbox = createSandbox({ version, now: () => new Date(clock), masterKey: MASTER_KEY });

  it.each(recordedPeople(version))(
    'answers $case as the proxy did',
    ({ method, path, headers, body, status, answer }) => {
      clock += 100;
      const text = body === undefined ? '' : JSON.stringify(body);
      const authorization = headers?.authorization ?? `Bearer ${MASTER_KEY}`;
      const response = sandbox.handle({ method, path, headers: { authorization }, body: text });
      expect(response.status).toBe(status);
      if (answer === undefined) return;
      const isJson = response.headers['content-type'] === 'application/json';
      const answered = isJson ? (parseJson(response.body) ?? null) : response.body;
      expect(comparable(answered, path)).toEqual(comparable(answer, path));
    },
  );
});
