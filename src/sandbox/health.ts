import type { JsonObject } from '../base/json.ts';
import { type Reply, ok } from './answers.ts';
import { requireAdmin } from './auth.ts';
import type { Call } from './call.ts';
import type { Database, Server } from './state.ts';

const DATABASE_NAMES: Readonly<Record<Database, string>> = {
  connected: 'connected',
  none: 'Not connected',
  down: 'disconnected',
};

/** GET /health/readiness, without a key: the newest version says no more than that it is ready. */
export function readiness({ server }: Call): Reply {
  if (server.facts.readiness !== 'short') return ok(details(server));
  const short = { status: 'healthy', db: DATABASE_NAMES[server.database] };
  return server.database === 'down' ? { status: 503, body: short } : ok(short);
}

/** GET /health/readiness/details */
export function readinessDetails({ server, caller, route }: Call): Reply {
  if (caller.role !== 'proxy_admin_viewer') requireAdmin(server, caller, route);
  return ok(details(server));
}

function details({ facts, version, database, now }: Server): JsonObject {
  return {
    status: facts.readiness === 'connected' && database === 'connected' ? 'connected' : 'healthy',
    db: DATABASE_NAMES[database],
    cache: null,
    litellm_version: version,
    success_callbacks: ['sync_deployment_callback_on_success'],
    ...(facts.aiohttp ? { use_aiohttp_transport: true } : {}),
    ...(facts.logLevel ? { log_level: 'WARNING', is_detailed_debug: false } : {}),
    ...(facts.readinessWarnings ? { show_env_credential_login_warning: false, show_no_redis_warning: false } : {}),
    ...(database === 'none' || !facts.readinessClock ? {} : { last_updated: now().toISOString().replace('Z', '000') }),
  };
}

export function liveliness(): Reply {
  return ok("I'm alive!");
}

/** GET /health/license */
export function license(): Reply {
  return ok({
    has_license: false,
    license_type: 'community',
    expiration_date: null,
    allowed_features: [],
    limits: { max_users: null, max_teams: null },
  });
}

/** GET /sso/get/ui_settings: nobody signs on here. */
export function uiSettings(): Reply {
  return ok({ PROXY_BASE_URL: null, PROXY_LOGOUT_URL: null, DEFAULT_TEAM_DISABLED: false, SSO_ENABLED: false });
}

/** GET /public/model_hub/info, without a key: tells the version. */
export function modelHub({ server }: Call): Reply {
  return ok({
    docs_title: 'LiteLLM API',
    custom_docs_description: null,
    litellm_version: server.version,
    useful_links: {},
  });
}
