/** Where connections come in: it can be closed before the next one, or be gone for a while, as a server's that is started again. */
import type { Server } from 'node:http';

export type Door = {
  readonly url: string;
  /** Closes the next connection before its request is read. */
  shutNext(): void;
  /** Cuts all connections and accepts none for so many milliseconds. */
  goDown(milliseconds: number): void;
  /** Takes so many milliseconds off the time that it is down. */
  elapse(milliseconds: number): Promise<void>;
  /** Accepts connections again, whatever was asked for. */
  open(): Promise<void>;
  close(): Promise<void>;
};

type Closed = {
  left: number;
  readonly timer: NodeJS.Timeout;
  readonly ended: Promise<void>;
  opening: Promise<void> | null;
};

/** Lets a server listen on a free port of 127.0.0.1. */
export async function makeDoor(server: Server): Promise<Door> {
  let shut = 0;
  let down: Closed | null = null;
  server.on('connection', (socket) => {
    if (shut === 0) return;
    shut -= 1;
    socket.destroy();
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject).listen(at, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const end = (): Promise<void> =>
    new Promise((ended) => {
      server.close(() => ended());
      server.closeAllConnections();
    });
  const open = async (): Promise<void> => {
    shut = 0;
    if (down === null) return;
    clearTimeout(down.timer);
    down.opening ??= down.ended.then(() => listen(port));
    await down.opening;
    down = null;
  };

  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    shutNext: () => {
      shut += 1;
    },
    goDown: (milliseconds) => {
      if (down !== null) return;
      down = { left: milliseconds, timer: setTimeout(() => void open(), milliseconds), ended: end(), opening: null };
    },
    elapse: async (milliseconds) => {
      if (down === null) return;
      down.left -= milliseconds;
      if (down.left <= 0) await open();
    },
    open,
    close: async () => {
      await open();
      await end();
    },
  };
}
