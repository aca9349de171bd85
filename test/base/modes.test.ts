import { promises } from 'node:fs';
import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isOpen, keepsModes, stuckOpen } from '../../src/base/modes.ts';

vi.mock('node:fs/promises', { spy: true });
afterEach(() => void vi.restoreAllMocks());

const FUSE = 0x65735546;

/** What a disk that is lent by another program says, whatever it is told. */
function lent(): void {
  vi.mocked(promises.statfs).mockResolvedValue({ type: FUSE } as never);
}

const folder = await mkdtemp(join(tmpdir(), 'vkeys-modes-'));

describe.skipIf(process.platform === 'win32')('a disk', () => {
  it('of this machine keeps modes, and nothing is written to find that out', async () => {
    expect(await keepsModes(folder)).toBe(true);
    expect(await keepsModes(join(folder, 'not', 'there'))).toBe(true);
    if (process.platform === 'linux') expect(promises.open).not.toHaveBeenCalled();
  });

  it('of an unknown kind is tried out, and nothing stays', async () => {
    lent();
    expect(await keepsModes(folder)).toBe(true);
    vi.mocked(promises.stat).mockResolvedValue({ mode: 0o100666 } as never);
    expect(await keepsModes(folder)).toBe(false);
    vi.mocked(promises.stat).mockRestore();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that takes no file tells nothing', async () => {
    lent();
    vi.mocked(promises.open).mockRejectedValue(Object.assign(new Error('EROFS'), { code: 'EROFS' }));
    expect(await keepsModes(folder)).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('an open file', () => {
  it('of this user can be closed, and that of another cannot', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '', { mode: 0o644 });
    const about = await stat(path);
    expect(isOpen(about)).toBe(true);
    expect(await stuckOpen(path, about)).toBeNull();
    vi.spyOn(process, 'geteuid').mockReturnValue(4711);
    expect(await stuckOpen(path, about)).toBe(about.uid === 4711 ? null : 'lent');
  });
});
