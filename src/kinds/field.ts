/** The rows of a kind's table of fields. */
import type { Field } from '../model/fields.ts';

/** A field that a row of the server's has at its top. */
export function column(kind: Field['kind'], about: string, more: Partial<Field> = {}): Field {
  const cleared = kind === 'strings' || kind === 'objects' ? [] : kind === 'object' ? {} : null;
  return { kind, about, cleared, home: 'column', ...more };
}

/** One that is sent at the top, and lies in the metadata. */
export function inMetadata(kind: Field['kind'], about: string, more: Partial<Field> = {}): Field {
  return { ...column(kind, about, more), home: 'metadata' };
}

/**
 * The server merges permissions member by member, so an empty object would change nothing. It wants `[]` for its lists (`null`
 * is a 400), and takes `{}` and `null` for the other two; measured on 1.77.7, 1.83.14, 1.108.7 and 1.110.2.
 */
export const NO_PERMISSIONS = {
  mcp_servers: [],
  mcp_access_groups: [],
  mcp_toolsets: [],
  vector_stores: [],
  agents: [],
  agent_access_groups: [],
  models: [],
  blocked_tools: [],
  search_tools: [],
  skills: [],
  mcp_tool_permissions: {},
  mcp_tool_search_enabled: null,
};
