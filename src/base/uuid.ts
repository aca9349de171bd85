import { createHash } from 'node:crypto';

/** Of names that vkeys makes ids from. */
const NAMESPACE = Buffer.from('0b6e8c1f5a414d0f9a7b1c2d3e4f5061', 'hex');

/** The UUID (version 5, RFC 9562) that stands for these texts: the same for the same, on every machine. */
export function uuidOf(...texts: readonly string[]): string {
  const name = Buffer.from(JSON.stringify(texts));
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
