import { respond, type SandboxRequest, type SandboxResponse } from './respond.ts';
import type { Server } from './state.ts';

/**
 * Answers requests that reach a server at the same moment. Where changes of members are lost, each of them starts from
 * the team as it was before the first, so that the last one wins, and all answer 200.
 */
export function respondTogether(server: Server, requests: readonly SandboxRequest[]): SandboxResponse[] {
  if (server.facts.parallelMembers === 'lost') {
    server.overlap = new Map([...server.teams].map(([id, team]) => [id, team.members_with_roles]));
  }
  try {
    return requests.map((request) => respond(server, request));
  } finally {
    server.overlap = null;
  }
}
