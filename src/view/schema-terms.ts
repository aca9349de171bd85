/** The terms that the schema of the output is written in. */
export const text = { type: 'string' } as const;
export const textOrNull = { type: ['string', 'null'] } as const;
export const numberOrNull = { type: ['number', 'null'] } as const;
export const natural = { type: 'integer', minimum: 0 } as const;
export const flag = { type: 'boolean' } as const;
export const hash = { type: ['string', 'null'], pattern: '^[0-9a-f]{64}$' } as const;
export const moment = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z$' } as const;
export const state = { enum: ['present', 'absent'] } as const;
export const object = { type: 'object' } as const;
export const texts = listOf(text);

type Members = Readonly<Record<string, unknown>>;

/** An object with all these members and no others, but for those that it may have. */
export function exactly(members: Members, more: Members = {}) {
  const properties = { ...members, ...more };
  return { type: 'object', properties, required: Object.keys(members), additionalProperties: false } as const;
}

/** An object with all these members, and more under LiteLLM's names. */
export function atLeast(properties: Members, more: Members = {}) {
  return { type: 'object', properties: { ...properties, ...more }, required: Object.keys(properties) } as const;
}

export function listOf(items: unknown) {
  return { type: 'array', items } as const;
}
