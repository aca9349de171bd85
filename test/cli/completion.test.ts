import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeHome } from '../support/run.ts';

/** The completion library prints to the console by itself. */
const printed: string[] = [];

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    expect((await makeHome().vkeys(`completion ${shell}`)).code).toBe(0);
    expect(printed.join('\n')).toContain('vkeys');
  });

  it('knows the aliases on the server', async () => {
    const home = makeHome();
    await home.vkeys('create --alias participant1');
    await home.vkeys(['complete', '--', 'get', 'part']);
    expect(printed.join('\n')).toContain('participant1');
  });

  it('says nothing of its own when there is no server', async () => {
    const { code, stderr } = await makeHome().vkeys(['complete', '--', 'get', ''], { env: {} });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('leaves files to the shell', async () => {
    expect((await makeHome().vkeys(['complete', '--', 'apply', '-f', ''])).stdout).toBe(':0\n');
  });

  it('knows commands', async () => {
    await makeHome().vkeys(['complete', '--', 'val']);
    expect(printed.join('\n')).toContain('validate');
  });
});
