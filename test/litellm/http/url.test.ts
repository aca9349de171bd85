import { expect, it } from 'vitest';
import { VkeysError } from '../../../src/base/errors.ts';
import { apiBaseUrl, serverAddress, serverUrl } from '../../../src/litellm/http/url.ts';

it.each([
  ['https://litellm.example.com', 'https://litellm.example.com'],
  [' https://litellm.example.com/ ', 'https://litellm.example.com'],
  ['https://litellm.example.com/v1', 'https://litellm.example.com'],
  ['https://litellm.example.com/v1/', 'https://litellm.example.com'],
  ['HTTP://LiteLLM.example.com:4000/llm/v1//', 'http://litellm.example.com:4000/llm'],
  ['https://example.com:443/llm/', 'https://example.com/llm'],
  ['http://[::1]:4000', 'http://[::1]:4000'],
  ['https://example.com/v10', 'https://example.com/v10'],
])('%j is the server %s', (text, url) => {
  expect(serverUrl(text)).toBe(url);
  expect(apiBaseUrl(serverUrl(text))).toBe(`${url}/v1`);
});

it.each([
  ['', false],
  ['/', false],
  ['/v1', false],
  ['/v1/', false],
  ['/ui', true],
  ['/ui/', true],
  ['/ui/?page=api-keys', true],
  ['/ui/?login=success#top', true],
  ['?page=api-keys', true],
  ['/#/keys', true],
  ['/v1/v1', true],
  ['/v1/models', true],
  ['/v1/model/info', true],
  ['/v1/chat/completions', true],
  ['/chat/completions', true],
  ['/v1/responses/', true],
  ['/key/list?page=1', true],
  ['/health/readiness', true],
  ['/openapi.json', true],
  ['/v1/realtime?model=x', true],
  ['/v1/vector_stores/vs_1/files', true],
  ['/openai/deployments/gpt-4o/chat/completions?api-version=2024-02-01', true],
  ['/docs', true],
  ['/redoc', true],
  ['/docs#/key%20management', true],
  ['/v2/login', true],
  ['/public/model_hub', true],
  ['/user/list', true],
  ['/team/info?team_id=x', true],
  ['/spend/logs', true],
  ['/ui/login?redirect_to=https%3A%2F%2Fexample.com%2Fui', true],
])('what was copied with %j is cut, and whether that is worth saying: %s', (tail, cut) => {
  for (const url of ['http://127.0.0.1:4000', 'https://example.com/llm', 'https://example.com/ui-team/v2']) {
    expect(serverAddress(url + tail)).toEqual({ url, cut });
  }
});

it("keeps a path that is none of LiteLLM's", () => {
  for (const url of [
    'https://example.com/models',
    'https://example.com/key',
    'https://example.com/guide/ui-kit',
    'https://example.com/v1/litellm',
    'https://example.com/user/litellm',
  ]) {
    expect(serverAddress(url)).toEqual({ url, cut: false });
  }
});

it.each([
  ['localhost:4000', 'Did you mean http://localhost:4000?'],
  ['127.0.0.1:4000/v1', 'Did you mean http://127.0.0.1:4000/v1?'],
  ['litellm.example.com', 'Did you mean https://litellm.example.com?'],
  ['litellm.example.com:4000', 'Did you mean https://litellm.example.com:4000?'],
  ['ftp://example.com', 'does not begin with http:// or https://.'],
  ['', 'does not begin with http:// or https://.'],
  ['https://admin:pw@example.com', 'has a user or password in it'],
  ['https://admin@example.com', 'has a user or password in it'],
  ['"https://example.com"', 'has quotes around it'],
  ["'https://example.com'", 'has quotes around it'],
  ['“https://example.com”', 'has quotes around it'],
])('%j is refused: %s', (text, told) => {
  expect(() => serverUrl(text)).toThrow(VkeysError);
  expect(() => serverUrl(text)).toThrow(told);
});

it.each(['sk-abcdefgh12345', 'https://u:hunter22@example.com', 'eyJhbGci.eyJzdWIi.c2ln'])(
  'a secret in its place is not repeated: %s',
  (text) => {
    expect(() => serverUrl(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/abcdefgh|hunter22|eyJ/) }),
    );
  },
);
