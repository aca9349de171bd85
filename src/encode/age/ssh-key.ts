/** Public keys of SSH, as `~/.ssh/id_ed25519.pub` has them: RFC 4253, 6.6, and RFC 8709. */
import { ed25519 } from '@noble/curves/ed25519.js';

/** `wire`: the key as SSH sends it, by which age tells it. */
export type SshKey = { readonly wire: Uint8Array } & (
  | { readonly type: 'ssh-ed25519'; readonly montgomery: Uint8Array }
  | { readonly type: 'ssh-rsa'; readonly e: Uint8Array; readonly n: Uint8Array }
);

/** In bits, as the program age has them. */
const [SHORTEST, LONGEST] = [2048, 16384];

/** `null`: it is none, or was cut or mistyped. */
export function sshKeyIn(text: string): SshKey | 'short' | null {
  const [type = '', base64 = ''] = text.trim().split(/\s+/);
  const wire = new Uint8Array(Buffer.from(base64, 'base64'));
  if (Buffer.from(wire).toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) return null;
  const [named, ...parts] = partsOf(wire) ?? [];
  if (named === undefined || Buffer.from(named).toString('latin1') !== type) return null;
  const [first, second, ...more] = parts;
  if (type === 'ssh-ed25519' && first !== undefined && second === undefined) {
    const montgomery = montgomeryOf(first);
    return montgomery === null ? null : { type, wire, montgomery };
  }
  if (type !== 'ssh-rsa' || first === undefined || second === undefined || more.length > 0) return null;
  const [e, n] = [withoutZeros(first), withoutZeros(second)];
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (bits > LONGEST || e.length === 0 || e.length > 4 || ((n.at(-1) ?? 0) & (e.at(-1) ?? 0) & 1) === 0) return null;
  return bits < SHORTEST ? 'short' : { type, wire, e, n };
}

/** Each is preceded by its length. */
function partsOf(wire: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(wire.buffer, wire.byteOffset, wire.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < wire.length;) {
    if (at + 4 > wire.length) return null;
    const end = at + 4 + view.getUint32(at);
    if (end > wire.length) return null;
    parts.push(wire.slice(at + 4, end));
    at = end;
  }
  return parts;
}

/** As X25519 has it; `null` for what is no point of the curve, or one that makes every secret the same. */
function montgomeryOf(key: Uint8Array): Uint8Array | null {
  try {
    return ed25519.Point.fromBytes(key).isSmallOrder() ? null : ed25519.utils.toMontgomery(key);
  } catch {
    return null;
  }
}

function withoutZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array() : number.slice(first);
}
