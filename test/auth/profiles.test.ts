import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  profileNamed,
  profilesPath,
  readProfiles,
  removeProfile,
  saveProfile,
  useProfile,
  type Profile,
} from '../../src/auth/profiles.ts';
import { Secret } from '../../src/base/secret.ts';

const isWindows = process.platform === 'win32';
let path = '';
beforeEach(() => {
  path = profilesPath(join(mkdtempSync(join(tmpdir(), 'vkeys-profiles-')), 'vkeys')) ?? '';
});

const WORK: Profile = { url: 'https://litellm.example.com', credential: { kind: 'key', key: new Secret('sk-work') } };
const HOME: Profile = {
  url: 'http://127.0.0.1:4000',
  headers: { 'x-team': 'a' },
  ca_file: '~/ca.pem',
  insecure: false,
};

describe('the file of profiles', () => {
  it('has none before the first is saved', async () => {
    expect(await readProfiles(path)).toEqual({ current: null, profiles: {}, shared: null });
  });

  it('keeps what is saved, and the last one is the current one', async () => {
    await saveProfile(path, 'work', WORK);
    await saveProfile(path, 'home', HOME);
    const profiles = await readProfiles(path);
    expect(profiles).toEqual({ current: 'home', profiles: { work: WORK, home: HOME }, shared: null });
    const { credential } = profileNamed(profiles, 'work');
    expect(credential).toMatchObject({ kind: 'key' });
    expect(credential?.kind === 'key' && credential.key.reveal()).toBe('sk-work');
    expect(JSON.stringify(profiles)).not.toContain('sk-work');
  });

  it.skipIf(isWindows)('is for its owner alone', async () => {
    await saveProfile(path, 'work', WORK);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    chmodSync(path, 0o640);
    await expect(readProfiles(path)).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('chmod 600'),
    });
  });

  it('keeps a session with its end, a command, and a cluster', async () => {
    const key = new Secret('sk-session');
    const session = { kind: 'session', key, username: 'ada', expires: '2026-11-22T00:00:00Z' } as const;
    await saveProfile(path, 'a', { ...HOME, credential: session });
    await saveProfile(path, 'b', { ...HOME, credential: { kind: 'command', command: 'pass show litellm' } });
    await saveProfile(path, 'c', { ...HOME, credential: { kind: 'openshift' } });
    const { a, b, c } = (await readProfiles(path)).profiles;
    expect(a?.credential).toEqual(session);
    expect(a?.credential?.kind === 'session' && a.credential.key.reveal()).toBe('sk-session');
    expect(b?.credential).toEqual({ kind: 'command', command: 'pass show litellm' });
    expect(c?.credential).toEqual({ kind: 'openshift' });
  });

  it('changes the current one, and forgets', async () => {
    await saveProfile(path, 'work', WORK);
    await saveProfile(path, 'home', HOME);
    await useProfile(path, 'work');
    expect((await readProfiles(path)).current).toBe('work');
    await removeProfile(path, 'home');
    expect((await readProfiles(path)).current).toBe('work');
    expect(await removeProfile(path, 'work')).toEqual(WORK);
    expect(await readProfiles(path)).toEqual({ current: null, profiles: {}, shared: null });
  });

  it('suggests a name for an unknown one', async () => {
    await expect(useProfile(path, 'work')).rejects.toMatchObject({ hint: expect.stringContaining('vkeys auth login') });
    await saveProfile(path, 'work', WORK);
    await expect(useProfile(path, 'works')).rejects.toThrow('There is no profile works. Did you mean work?');
    await expect(removeProfile(path, 'toString')).rejects.toMatchObject({ kind: 'config' });
    expect(readFileSync(path, 'utf8')).toContain('"work"');
  });

  it.each([
    ['{', 'is not a file of profiles.'],
    ['{"current": null, "profiles": {"work": {"url": "http://x", "ulr": 1}}}', 'at profiles.work'],
    ['{"current": null, "profiles": {"work": {"url": "http://x", "credential": {"kind": "hope"}}}}', 'credential'],
  ])('says what it does not understand: %s', async (text, words) => {
    await saveProfile(path, 'work', WORK);
    writeFileSync(path, text);
    await expect(readProfiles(path)).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining(words) });
  });
});
