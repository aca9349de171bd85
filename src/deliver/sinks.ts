/** Every kind of delivery, loaded when a spec or the keyring has one. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Sink, SinkPorts } from './sink.ts';
import { textSink } from './text-sink.ts';

/** Those that are text files only say what is in them: `textSink` does the rest. */
const SINKS: Readonly<Record<Delivery['to'], (ports: SinkPorts) => Promise<Sink>>> = {
  dotenv: async (ports) => textSink((await import('./sinks/dotenv.ts')).dotenv, ports),
  json: async (ports) => textSink((await import('./sinks/json.ts')).json, ports),
  csv: async (ports) => textSink((await import('./sinks/csv.ts')).csv, ports),
  text: async (ports) => textSink((await import('./sinks/text.ts')).text, ports),
  kubernetes: async (ports) => (await import('./sinks/kubernetes.ts')).kubernetes(ports),
  manifest: async (ports) => textSink((await import('./sinks/manifest.ts')).manifest, ports),
  age: async (ports) => (await import('./sinks/age.ts')).ageSink(ports),
  vault: async (ports) => (await import('./sinks/vault.ts')).vaultSink(ports),
  command: async (ports) => (await import('./sinks/command.ts')).command(ports),
  keychain: async (ports) => (await import('./sinks/keychain.ts')).keychain(ports),
};

/** The sink of that name. Throws `delivery` for one that only a newer vkeys has. */
export type SinkFor = (name: string) => Promise<Sink>;

export function makeSinks(ports: SinkPorts): SinkFor {
  const made = new Map<string, Promise<Sink>>();
  return (name) => {
    const sink = made.get(name) ?? makeSink(name, ports);
    made.set(name, sink);
    return sink;
  };
}

async function makeSink(name: string, ports: SinkPorts): Promise<Sink> {
  if (isKnown(name)) return SINKS[name](ports);
  throw new VkeysError(
    'delivery',
    `This version knows no delivery to ${oneLine(name)}.`,
    'Run the newer version of vkeys that made it.',
  );
}

function isKnown(name: string): name is Delivery['to'] {
  return Object.hasOwn(SINKS, name);
}
