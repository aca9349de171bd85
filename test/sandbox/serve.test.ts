import { expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';

const now = () => new Date('2026-11-21T10:09:57Z');

it('serves the sandbox on a real socket', async () => {
  const running = await serveSandbox(createSandbox({ now }), 0);
  try {
    const headers = { authorization: 'Bearer sk-sandbox', 'content-type': 'application/json' };
    const body = JSON.stringify({ key_alias: 'schlüssel' });
    const created = await fetch(`${running.url}/key/generate`, { method: 'POST', headers, body });
    expect(created.headers.get('date')).toBe('Sat, 21 Nov 2026 10:09:57 GMT');
    expect(await created.json()).toMatchObject({ key_alias: 'schlüssel' });
    const moved = await fetch(`${running.url}/key/list/`, { headers, redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([307, `${running.url}/key/list`]);
  } finally {
    await running.close();
  }
  await expect(fetch(running.url)).rejects.toThrow('fetch failed');
});

it('says that the port is taken', async () => {
  const running = await serveSandbox(createSandbox({ now }), 0);
  try {
    await expect(serveSandbox(createSandbox({ now }), running.port)).rejects.toThrow('EADDRINUSE');
  } finally {
    await running.close();
  }
});

it('says in each answer which sandbox it is, where it was given an id', async () => {
  for (const id of [undefined, 'one']) {
    const running = await serveSandbox(createSandbox({ now, ...(id === undefined ? {} : { id }) }), 0);
    try {
      const answers = await Promise.all(['/health/liveliness', '/nowhere'].map((path) => fetch(running.url + path)));
      expect(answers.map(({ headers }) => headers.get('x-vkeys-sandbox'))).toEqual([id ?? null, id ?? null]);
    } finally {
      await running.close();
    }
  }
});
