import type { Deliverer } from '../../src/apply/ports.ts';
import { isObject, type JsonObject } from '../../src/base/json.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { SinkPorts } from '../../src/deliver/sink.ts';
import { createTransport } from '../../src/litellm/http/transport.ts';
import type { Delivery, VaultDelivery } from '../../src/model/delivery.ts';
import { connectIn } from '../../src/run/connect.ts';
import { HOST, sinkPorts, TO } from './handouts.ts';
import type { Vault } from './vault-server.ts';

export function vaultDelivery(secret: string, more: Partial<VaultDelivery> = {}): Delivery {
  return { to: 'vault', path: secret, secret, vault: {}, variables: { key: '{key}', url: '{api_base_url}' }, ...more };
}

/** The real sockets of a run; pauses take no time. */
export function socketPorts(env: SinkPorts['env'], more: Partial<SinkPorts> = {}): SinkPorts {
  const connect = connectIn({ transport: createTransport, env: {}, abort: new AbortController().signal });
  return sinkPorts({ env, connect, sleep: () => new Promise((resolve) => void setTimeout(resolve, 1)), ...more });
}

/** As a run with this token; `null`: without a spec. */
export function vaultDeliverer(
  deliveries: readonly Delivery[] | null,
  { address }: Pick<Vault, 'address'>,
  token: string,
  env: SinkPorts['env'] = {},
): Deliverer {
  const addressed = deliveries === null ? null : deliveries.map((delivery) => ({ delivery, to: TO }));
  const ports = socketPorts({ VAULT_ADDR: address, VAULT_TOKEN: token, ...env });
  return makeDeliverer('lab', addressed, { host: HOST, files: [] }, ports);
}

let folders = 0;

/** Of this test alone, on a server that others may use too. */
export function newFolder(): string {
  folders += 1;
  return `vkeys-${String(process.pid)}-${String(Date.now())}-${String(folders)}`;
}

/** What is in a secret, and which version that is. */
export async function secretAt(
  vault: Vault,
  path: string,
): Promise<{ data: JsonObject | null; version: number } | null> {
  const { data } = await vault.admin(path).catch(() => ({ data: null }));
  if (!isObject(data) || !isObject(data['metadata'])) return null;
  return { data: data['data'] as JsonObject | null, version: Number(data['metadata']['version']) };
}
