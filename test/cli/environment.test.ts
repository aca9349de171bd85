/** Variables as CI systems, Compose files, Docker and PowerShell leave them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeHome, MASTER_KEY } from '../support/run.ts';

const NAMES = [
  'LITELLM_BASE_URL LITELLM_PROXY_URL LITELLM_API_BASE LITELLM_MASTER_KEY LITELLM_MASTER_API_KEY LITELLM_PROXY_API_KEY',
  'LITELLM_USERNAME LITELLM_PASSWORD LITELLM_OPENSHIFT_TOKEN LITELLM_API_KEY VKEYS_PROFILE VKEYS_OUTPUT VKEYS_KEYRING',
  'VKEYS_AUTH VKEYS_AGE_RECIPIENTS VKEYS_AGE_IDENTITY VKEYS_SERVICEACCOUNT_TOKEN_FILE NO_COLOR FORCE_COLOR',
]
  .join(' ')
  .split(' ');
const EMPTY = Object.fromEntries(NAMES.map((name) => [name, '']));
const FILE = `LITELLM_BASE_URL=http://litellm.test\nLITELLM_MASTER_KEY=${MASTER_KEY}\nVKEYS_OUTPUT=\n`;

describe('empty variables count as none', () => {
  it('beside an --env-file that has them', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'x.env'), FILE);
    expect(await home.vkeys('list --env-file x.env', { env: EMPTY })).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(NAMES.slice(3).filter((name) => name !== 'LITELLM_MASTER_KEY'))('%s', async (name) => {
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY, [name]: '' };
    expect(await makeHome().vkeys('list', { env })).toMatchObject({ code: 0, stderr: '' });
  });

  it('in a spec too', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'a.yaml'), 'keys: [{ key_alias: a, metadata: { x: "${X}" } }]\n');
    const { code, stderr } = await home.vkeys('validate -f a.yaml', { env: { X: '' } });
    expect(code).toBe(3);
    expect(stderr).toContain('X');
  });
});

describe('an --env-file', () => {
  const wide = (mark: string, isBig: boolean): Buffer => {
    const bytes = Buffer.from(`${mark}${FILE}`, 'utf16le');
    return isBig ? bytes.swap16() : bytes;
  };
  it.each([
    ['with a byte order mark', Buffer.from(`\uFEFF${FILE}`)],
    ['as PowerShell writes it', wide('\uFEFF', false)],
    ['in UTF-16, the other way round', wide('\uFEFF', true)],
    ['with the ends of lines of Windows', Buffer.from(FILE.replaceAll('\n', '\r\n'))],
    ['with quotes and export', Buffer.from(FILE.replaceAll(/^(\w+)=(.*)$/gm, 'export $1="$2"'))],
  ])('%s loses nothing', async (_, bytes) => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'x.env'), bytes);
    expect(await home.vkeys('list --env-file x.env', { env: {} })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('quotes that Docker leaves', () => {
  it.each([
    'LITELLM_BASE_URL',
    'LITELLM_MASTER_KEY',
    'LITELLM_USERNAME',
    'VKEYS_PROFILE',
    'VKEYS_OUTPUT',
    'VKEYS_KEYRING',
    'VKEYS_AUTH',
    'VKEYS_AGE_IDENTITY',
  ])('are named: %s', async (name) => {
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY, [name]: '"x"' };
    const { code, stderr, requests } = await makeHome().vkeys('list', { env });
    expect([3, 4]).toContain(code);
    expect({ stderr, requests }).toEqual({
      stderr: expect.stringMatching(`^error: ${name}:? .*quotes around it`) as string,
      requests: [],
    });
  });
});

it('the variables of a client are pointed to where the address is missing', async () => {
  const { code, stderr } = await makeHome().vkeys('list', { env: { OPENAI_BASE_URL: 'http://litellm.test/v1' } });
  expect(code).toBe(3);
  expect(stderr).toContain('--url "$OPENAI_BASE_URL"');
});
