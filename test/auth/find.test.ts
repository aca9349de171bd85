import { describe, expect, it } from 'vitest';
import type { ChosenCredential, Ports, Search, SecretFile } from '../../src/auth/credential.ts';
import { findCredential } from '../../src/auth/find.ts';
import type { Profile, ProfileCredential } from '../../src/auth/profiles.ts';
import type { ProgramEnd } from '../../src/auth/run.ts';
import type { Stuck } from '../../src/base/modes.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/secret.ts';

type Outside = {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | SecretFile>>;
  readonly stdin?: string;
  readonly run?: (line: string) => Partial<ProgramEnd>;
};

function find(
  search: Partial<Search>,
  { env = {}, files = {}, stdin = '', run }: Outside = {},
): Promise<ChosenCredential> {
  const ports: Ports = {
    env,
    readFile: async (path) => {
      const file = files[path];
      return typeof file === 'string' ? { text: file, shared: null } : (file ?? null);
    },
    readStdin: async () => stdin,
    run: async (command, args) => ({
      exitCode: run === undefined ? null : 0,
      stdout: '',
      stderr: '',
      ...run?.([command, ...args].join('|')),
    }),
    now: () => new Date('2026-11-21T10:00:00Z'),
  };
  return findCredential({ profile: null, ...search }, ports);
}

/** Kind, source and secret of what is found. */
async function used(search: Partial<Search>, outside: Outside = {}): Promise<readonly [string, string, string]> {
  const { credential } = await find(search, outside);
  const secret = credential.kind === 'password' ? credential.password : credential.secret;
  return [credential.kind, credential.source, secret.reveal()];
}

async function failure(search: Partial<Search>, outside: Outside = {}): Promise<VkeysError> {
  const error: unknown = await find(search, outside).catch((thrown: unknown) => thrown);
  if (error instanceof VkeysError) return error;
  throw new Error('It did not fail as it should', { cause: error });
}

function profile(credential?: ProfileCredential, asked = false, shared: Stuck | null = null): Partial<Search> {
  const connection: Profile = {
    url: 'https://litellm.example.com',
    ...(credential === undefined ? {} : { credential }),
  };
  return { profile: { name: 'work', asked, profile: connection, shared } };
}

const KEY = { LITELLM_MASTER_KEY: 'sk-environment' };
const LOGIN = { LITELLM_USERNAME: 'ada', LITELLM_PASSWORD: 'pass word' };
const session = (expires: string | null): ProfileCredential => ({
  kind: 'session',
  key: new Secret('sk-session'),
  username: 'ada',
  expires,
});

describe('a master key', () => {
  it.each([['LITELLM_MASTER_KEY'], ['LITELLM_MASTER_API_KEY'], ['LITELLM_PROXY_API_KEY']])(
    'comes from %s',
    async (name) => {
      expect(await used({}, { env: { LITELLM_MASTER_KEY: ' ', [name]: 'sk-1' } })).toEqual([
        'master-key',
        name,
        'sk-1',
      ]);
    },
  );

  it('comes from a file, without the whitespace around it', async () => {
    const { credential, notices } = await find({ masterKeyFile: 'key' }, { files: { key: ' sk-file\r\n' }, env: KEY });
    expect(credential).toMatchObject({ kind: 'master-key', source: '--master-key-file key' });
    expect(credential).toHaveProperty('secret', new Secret('sk-file'));
    expect(notices).toEqual([]);
  });

  it('comes from a file that others can read, with a word about that', async () => {
    const told = async (shared: SecretFile['shared']): Promise<readonly string[]> =>
      (await find({ masterKeyFile: '/k' }, { files: { '/k': { text: 'sk-file', shared } } })).notices;
    expect(await told('closable')).toEqual([expect.stringContaining("chmod 600 '/k'")]);
    for (const shared of ['disk', 'lent'] as const) {
      expect(await told(shared)).toEqual([expect.stringContaining('Other users of this machine can read /k.')]);
      expect(await told(shared)).not.toEqual([expect.stringContaining('chmod')]);
    }
  });

  it('comes from standard input', async () => {
    const stdin = await used({ masterKeyStdin: true }, { stdin: 'sk-stdin\n', env: KEY });
    expect(stdin).toEqual(['master-key', '--master-key-stdin', 'sk-stdin']);
  });

  it('comes from what a command prints, which no shell has seen', async () => {
    const lines: string[] = [];
    const run = (line: string): Partial<ProgramEnd> => {
      lines.push(line);
      return { stdout: 'sk-command\n' };
    };
    const command = await used({ masterKeyCommand: `pass show 'my vault/litellm'; rm $HOME` }, { run });
    expect(command).toEqual(['master-key', '--master-key-command', 'sk-command']);
    expect(lines).toEqual(['pass|show|my vault/litellm;|rm|$HOME']);
  });

  it('comes from the command line, with a warning', async () => {
    const { credential, notices } = await find({ masterKey: 'sk-flag' }, { env: KEY });
    expect(credential.source).toBe('--master-key');
    expect(notices).toEqual([expect.stringContaining('--master-key-file')]);
  });

  it.each<[string, ProfileCredential, Outside]>([
    ['a key', { kind: 'key', key: new Secret('sk-profile') }, {}],
    ['a file', { kind: 'file', path: '~/key' }, { files: { '~/key': 'sk-profile' } }],
    ['a command', { kind: 'command', command: 'print it' }, { run: () => ({ stdout: 'sk-profile' }) }],
  ])('comes from a profile with %s', async (_, credential, outside) => {
    for (const auth of ['auto', 'master-key'] as const) {
      const [kind, source, secret] = await used({ ...profile(credential), auth }, outside);
      expect([kind, secret]).toEqual(['master-key', 'sk-profile']);
      expect(source).toContain('profile work');
    }
    await expect(find({ ...profile(credential), auth: 'login' }, outside)).rejects.toThrow('no credential');
  });
});

describe('a source that was named but is of no use', () => {
  it.each<[string, Partial<Search>, Outside, string, string]>([
    ['a missing file', { masterKeyFile: 'none' }, {}, 'config', 'no such file'],
    ['an empty file', { masterKeyFile: 'key' }, { files: { key: '\n' } }, 'auth', 'empty'],
    ['two lines', { masterKeyFile: 'key' }, { files: { key: 'sk-1\nsk-2' } }, 'auth', 'more than one line'],
    ['a sentence', { masterKeyStdin: true }, { stdin: 'my key' }, 'auth', 'spaces'],
    ['an empty flag', { masterKey: '' }, {}, 'auth', '--master-key: it is empty'],
    ['an open quote', { masterKeyCommand: 'pass "show' }, {}, 'usage', 'quote'],
    ['a missing command', { masterKeyCommand: 'pass show' }, {}, 'auth', 'the command pass did not start'],
    ['a missing token file', { openshiftTokenFile: 'none' }, {}, 'config', 'no such file'],
    ['half a login', { username: 'ada' }, { env: KEY }, 'auth', 'LITELLM_PASSWORD is not set'],
  ])('is an error, although there is a key in the environment: %s', async (_, search, outside, kind, words) => {
    const error = await failure(search, { ...outside, env: { ...KEY, ...outside.env } });
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
    expect(error.hint).not.toBe('');
  });

  it('shows what a failing command said, but no key and nothing of its output', async () => {
    const run = (): Partial<ProgramEnd> => ({
      exitCode: 2,
      stdout: 'half a secret',
      stderr: 'agent locked, sk-abcdefgh kept\n',
    });
    const { message } = await failure({ masterKeyCommand: 'pass show litellm' }, { run });
    expect(message).toContain('exit code 2: agent locked, sk-[secret] kept');
    expect(message).not.toContain('half');
  });

  it('is an error when VKEYS_AUTH is misspelt', async () => {
    const error = await failure({}, { env: { VKEYS_AUTH: 'openshit' } });
    expect(error).toMatchObject({ kind: 'usage', message: expect.stringContaining('Did you mean openshift?') });
  });
});

describe('the order', () => {
  const key: ProfileCredential = { kind: 'key', key: new Secret('sk-profile') };

  it('is flags, environment, profile, password', async () => {
    const files = { key: 'sk-file' };
    const both = { ...KEY, ...LOGIN };
    expect((await used({ ...profile(key), masterKeyFile: 'key' }, { env: both, files }))[2]).toBe('sk-file');
    expect((await used(profile(key), { env: both }))[2]).toBe('sk-environment');
    expect((await used(profile(key), { env: LOGIN }))[2]).toBe('pass word');
    expect((await used(profile(key), { env: { LITELLM_USERNAME: 'ada' } }))[2]).toBe('sk-profile');
    expect(await used(profile(), { env: LOGIN })).toEqual([
      'password',
      'LITELLM_USERNAME and LITELLM_PASSWORD',
      'pass word',
    ]);
  });

  it('has the profile before the environment when --profile names it', async () => {
    expect((await used(profile(key, true), { env: KEY }))[2]).toBe('sk-profile');
    expect((await used({ ...profile(key, true), auth: 'master-key' }, { env: KEY }))[2]).toBe('sk-profile');
    expect((await used({ ...profile(session(null), true), auth: 'login' }, { env: LOGIN }))[2]).toBe('sk-session');
    expect((await used({ ...profile(session(null)), auth: 'login' }, { env: LOGIN }))[2]).toBe('pass word');
  });

  it('has --username before the environment', async () => {
    const { credential } = await find({ username: 'bob' }, { env: { ...KEY, ...LOGIN } });
    expect(credential).toMatchObject({ kind: 'password', username: 'bob' });
  });

  it('tells what was looked at before', async () => {
    const { looked } = await find({}, { env: { LITELLM_PROXY_API_KEY: 'sk-1' } });
    expect(looked).toEqual([
      { source: 'LITELLM_MASTER_KEY', state: 'not set' },
      { source: 'LITELLM_MASTER_API_KEY', state: 'not set' },
      { source: 'LITELLM_PROXY_API_KEY', state: 'used' },
    ]);
  });

  it('leaves out what --auth or VKEYS_AUTH does not ask for', async () => {
    const env = { ...KEY, ...LOGIN, LITELLM_OPENSHIFT_TOKEN: 'sha256~t' };
    expect((await used({ auth: 'login' }, { env }))[0]).toBe('password');
    expect((await used({ auth: 'openshift' }, { env }))[0]).toBe('openshift');
    expect((await used({}, { env: { ...env, VKEYS_AUTH: 'openshift' } }))[0]).toBe('openshift');
    expect((await used({ auth: 'master-key' }, { env: { ...env, VKEYS_AUTH: 'openshift' } }))[0]).toBe('master-key');
  });
});

describe('nothing found', () => {
  it('lists every source and how to give one', async () => {
    const error = await failure(profile(session('2026-11-21T09:00:00Z')), { env: { LITELLM_USERNAME: 'ada' } });
    expect(error.kind).toBe('auth');
    expect(error.message).toMatchInlineSnapshot(`
      "There is no credential for the server. Looked at:
        LITELLM_MASTER_KEY: not set
        LITELLM_MASTER_API_KEY: not set
        LITELLM_PROXY_API_KEY: not set
        LITELLM_USERNAME and LITELLM_PASSWORD: only LITELLM_USERNAME is set
        profile work: its session ended at 2026-11-21T09:00:00Z; log in again with \`vkeys auth login\`"
    `);
    expect(error.hint).toMatchInlineSnapshot(
      `"Set LITELLM_MASTER_KEY, give --master-key-file PATH, or save a connection with \`vkeys auth login\`."`,
    );
    expect(error.facts['looked']).toHaveLength(5);
  });

  it('says which half of a login is there, or none', async () => {
    expect((await failure({ auth: 'login' }, { env: { LITELLM_PASSWORD: 'x' } })).message).toContain(
      'only LITELLM_PASSWORD',
    );
    expect((await failure({ auth: 'login' })).message).toContain('LITELLM_PASSWORD: not set');
  });
});

describe('a cluster token', () => {
  const oc = (ran: Partial<ProgramEnd>): Outside => ({ run: (line) => (line === 'oc|whoami|-t' ? ran : {}) });
  const pod = '/var/run/secrets/kubernetes.io/serviceaccount/token';

  it('is never looked for unless it is asked for', async () => {
    const outside = {
      ...oc({ stdout: 'sha256~oc' }),
      env: { LITELLM_OPENSHIFT_TOKEN: 'sha256~t' },
      files: { [pod]: 'ey.a' },
    };
    await expect(find({}, outside)).rejects.toThrow('no credential');
  });

  it('comes from a file that is named, the environment, oc, and the pod, in this order', async () => {
    const files = { token: 'sha256~file', [pod]: 'eyJ.pod' };
    const env = { LITELLM_OPENSHIFT_TOKEN: 'sha256~environment' };
    const outside = { ...oc({ stdout: 'sha256~oc\n' }), files };
    const auth = 'openshift';
    expect((await used({ auth, openshiftTokenFile: 'token' }, { ...outside, env }))[2]).toBe('sha256~file');
    expect((await used({ openshiftTokenFile: 'token' }, { ...outside, env: KEY }))[2]).toBe('sha256~file');
    expect((await used({ auth }, { ...outside, env }))[2]).toBe('sha256~environment');
    expect(await used({ auth }, outside)).toEqual(['openshift', 'oc whoami -t', 'sha256~oc']);
    expect(await used({ auth }, { files })).toEqual(['openshift', pod, 'eyJ.pod']);
    const moved = { env: { VKEYS_SERVICEACCOUNT_TOKEN_FILE: 'elsewhere' }, files: { elsewhere: 'eyJ.moved' } };
    expect((await used({ auth }, moved))[1]).toBe('elsewhere');
  });

  it('is asked for by a profile, which may name its file', async () => {
    expect((await used(profile({ kind: 'openshift' }), oc({ stdout: 'sha256~oc' })))[2]).toBe('sha256~oc');
    const named = profile({ kind: 'openshift', token_file: 'token' });
    expect((await used({ ...named, auth: 'openshift' }, { files: { token: 'sha256~file' } }))[2]).toBe('sha256~file');
  });

  it.each<[Outside, string]>([
    [{}, 'oc is not installed'],
    [oc({ exitCode: 1, stderr: 'error: no token is currently in use' }), 'not logged in'],
    [oc({ stdout: '' }), 'logged in without a token'],
    [oc({ exitCode: null, stderr: 'it did not end within 30 s' }), 'oc: it did not end within 30 s'],
  ])('is told as missing: %#', async (outside, state) => {
    const { message, hint } = await failure({ auth: 'openshift' }, outside);
    expect(message).toContain(`\n  LITELLM_OPENSHIFT_TOKEN: not set\n  oc whoami -t: ${state}\n  ${pod}: no such file`);
    expect(hint).toContain('oc login');
  });
});

it.each(['LITELLM_API_KEY', 'LITELLM_KEY', 'OPENAI_API_KEY'])(
  '%s alone is not used, and is told with how to',
  async (name) => {
    const error: unknown = await find({}, { env: { [name]: 'sk-clients-own-key' } }).catch((thrown: unknown) => thrown);
    const text = error instanceof Error ? error.message : '';
    expect(text).toContain(`\n  ${name}: set, but it is where a key for models is.`);
    expect(text).toContain(`LITELLM_MASTER_KEY="$${name}"`);
    expect(text).not.toContain('sk-clients');
  },
);

it.each(['disk', 'lent'] as const)(
  'a profile that nobody can close (%s) is used, with a word about that',
  async (shared) => {
    const key = new Secret('sk-of-a-profile');
    for (const stored of [
      { kind: 'key', key } as const,
      { kind: 'session', key, username: 'ada', expires: null } as const,
    ]) {
      const { credential, notices } = await find(profile(stored, true, shared));
      expect(credential).toMatchObject({ source: 'profile work' });
      expect(notices).toEqual([expect.stringMatching(/^Other users of this machine can read the profile work: /)]);
      expect(notices.join('')).not.toContain('chmod');
    }
  },
);

describe('a credential of the file that names the server', () => {
  const key = { kind: 'master-key', source: 'a key in f', secret: new Secret('sk-file') } as const;
  const token = { kind: 'openshift', source: 'a token in f', secret: new Secret('sha256~file') } as const;
  const password = { kind: 'password', source: 'a user in f', username: 'ada', password: new Secret('pw') } as const;
  const cluster = { kind: 'cluster', source: 'the cluster in f' } as const;
  const whoami = { run: () => ({ stdout: 'sha256~who' }) };

  it('comes after flags and a profile that was asked for, and before the environment', async () => {
    const asked = profile({ kind: 'key', key: new Secret('sk-profile') }, true);
    const usual = profile({ kind: 'key', key: new Secret('sk-profile') });
    for (const auth of ['auto', 'master-key'] as const) {
      expect(await used({ auth, file: key, masterKey: 'sk-flag' }, { env: KEY })).toContain('sk-flag');
      expect(await used({ auth, file: key, ...asked }, { env: KEY })).toContain('sk-profile');
      expect(await used({ auth, file: key, ...usual }, { env: KEY })).toEqual(['master-key', 'a key in f', 'sk-file']);
    }
    expect(await used({ auth: 'openshift', file: token }, whoami)).toContain('sha256~file');
    expect(await used({ auth: 'login', file: password }, { env: LOGIN })).toContain('a user in f');
    expect(await used({ auth: 'login', file: password, username: 'eve' }, { env: LOGIN })).toContain('pass word');
    const session_ = profile(session(null), true);
    expect(await used({ auth: 'login', file: password, ...session_ }, { env: LOGIN })).toContain('sk-session');
  });

  it('may be that of whoever is logged in to the cluster', async () => {
    expect(await used({ file: cluster }, { ...whoami, env: KEY })).toEqual(['openshift', 'oc whoami -t', 'sha256~who']);
    expect(await used({ file: cluster }, { env: KEY })).toContain('sk-environment');
  });

  it('is left out where another kind is asked for', async () => {
    expect(await used({ auth: 'master-key', file: token }, { env: KEY })).toContain('sk-environment');
    expect(await used({ auth: 'login', file: key }, { env: LOGIN })).toContain('pass word');
    expect(await used({ auth: 'openshift', file: password }, whoami)).toContain('sha256~who');
  });

  it('is named and not used where it is for another server', async () => {
    const other = { kind: 'other', source: 'a key in f', url: 'https://other.example.com' } as const;
    expect(await used({ file: other }, { env: KEY })).toContain('sk-environment');
    expect((await failure({ file: other })).message).toContain(
      'a key in f: only for https://other.example.com, which the same file names',
    );
  });
});
