/** What a person chose in a client's file stays: vkeys gives values of its own only where there are none. */
import { describe, expect, it, vi } from 'vitest';
import { CLIENTS, type Client } from '../../src/encode/clients.ts';
import { clientValues } from '../../src/encode/client-values.ts';
import { filledMembers } from '../../src/encode/filled.ts';
import { areAlikeBut, mergeSettings } from '../../src/encode/settings.ts';

const URL = 'https://litellm.example.com/v1';

async function merged(client: Client, which: 'settings' | 'asking', text: string): Promise<string> {
  const file = CLIENTS[client][which];
  if (file === undefined) throw new Error('it has a file');
  const values = { ...clientValues(URL, { model: 'gpt-4o', small_model: undefined }), name: 'ada' };
  return (await mergeSettings(text, file.format, filledMembers(file.members, values), file.kept)).text;
}

describe('what a person chose', () => {
  it('stays: the size of a context window', async () => {
    const text = (max_tokens: number): string =>
      JSON.stringify({
        language_models: {
          openai_compatible: { Gateway: { api_url: URL, available_models: [{ name: 'gpt-4o', max_tokens }] } },
        },
      });
    expect(await merged('zed', 'settings', text(200_000))).toBe(text(200_000));
    expect(await merged('zed', 'settings', '')).toContain('128000');
  });

  it('stays: the models and the switch of an endpoint, to which ours is added', async () => {
    const text = (models: string): string =>
      [
        'endpoints:',
        '  custom:',
        '    - name: LiteLLM',
        "      apiKey: '${LITELLM_API_KEY}'",
        `      baseURL: ${URL}`,
        '      models:',
        '        default:',
        '          - mine # the first',
        ...models.split('|').filter(Boolean),
        '        fetch: false',
        '      titleModel: gpt-4o',
        '',
      ].join('\n');
    const added = text('          - gpt-4o');
    expect(await merged('librechat', 'settings', text(''))).toBe(added);
    expect(await merged('librechat', 'settings', added)).toBe(added);
    expect(await merged('librechat', 'settings', text('').replace(/default:\n.*/, 'default: odd'))).toContain(
      'default: odd',
    );
  });
});

describe('the file of codex', () => {
  it('has no other credential beside the program, with which codex would not start', async () => {
    const text = await merged(
      'codex',
      'asking',
      '[model_providers.litellm]\nexperimental_bearer_token = "sk-old"\nrequires_openai_auth = true\nenv_key = "K"\n',
    );
    expect(text).not.toMatch(/experimental_bearer_token|requires_openai_auth|env_key/);
    expect(text).toContain('command = "vkeys"');
  });

  it('may have ends of lines of both kinds, without a word of a library', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const text = await merged('codex', 'asking', '[model_providers.litellm]\r\nname = "x"\nenv_key = "K"\r\n');
    expect([warn.mock.calls, text.includes('name = "LiteLLM"')]).toEqual([[], true]);
    warn.mockRestore();
  });
});
describe('two texts', () => {
  const LIST = { models: [{ name: 'ours', url: 'x' }], args: ['a'] };
  it.each<[string, string, boolean]>([
    ['{"a": 1}', '{"a": 1, "models": [{"name": "ours", "url": "y"}], "args": ["b"]}', true],
    ['{"models": [{"name": "mine"}]}', '{"models": [{"name": "mine"}, {"name": "ours", "url": "y"}]}', true],
    ['{"models": [{"name": "ours", "own": 1}]}', '{"models": [{"name": "ours", "url": "y"}]}', false],
    ['{"a": 1}', '{"a": 2}', false],
    ['{"a": 1}', '{"a": ', false],
    ['{"models": 1}', '{"models": 1}', false],
  ])('%s and %s are alike but for ours: %s', async (one, other, is) => {
    expect(await areAlikeBut([LIST], 'json', [one, other])).toBe(is);
  });
});
