/** Files of text that keys are merged into. */
import { FILES, makeFiles } from './files.ts';
import type { TextFormat } from './format.ts';
import type { Sink, SinkPorts } from './sink.ts';

export function textSink(format: TextFormat, ports: Pick<SinkPorts, 'exclusive'>): Sink {
  const files = makeFiles(ports);
  return {
    ...FILES,
    check: async (target) => {
      const file = await files.read(target);
      if (file.text !== (await format.put(file.text, target.parts))) await files.assertWritable(file);
      return file.text === null;
    },
    detail: (part) => format.detail(part),
    holds: async (target, sought) => {
      const { text, open } = await files.read(target);
      const { parts } = target;
      const key_ids = new Set(sought.map(({ key_id }) => key_id));
      const isAsWanted = parts.length === 0 || text === (await format.put(text, parts));
      return {
        current: isAsWanted && (parts.length === 0 || !open),
        held: text === null || key_ids.size === 0 ? new Set() : await format.held(text, key_ids),
        isThere: text !== null,
      };
    },
    put: async (target) => ({ changed: await files.change(target, (text) => format.put(text, target.parts)) }),
    remove: (spot, left) => files.change(spot, async (text) => (text === null ? null : format.remove(text, left))),
  };
}
