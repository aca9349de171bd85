import { pythonFloat, refuse, refuseAuth, type Refused } from './answers.ts';
import { believed } from './beliefs.ts';
import { texts } from './fields.ts';
import { findMembership } from './memberships.ts';
import { budgetOf, type Row, type Server, type StoredKey, type StoredTeam, type StoredUser } from './state.ts';

/** What the owners of a key let it do: its team, its user, and the user's membership of the team. */

/** What a key may spend: its own budget or that of the row that it names, whichever this version prefers. */
export function keyBudget(server: Server, key: StoredKey): number | null {
  const row = believed(server, 'budget', key.token) ?? budgetOf(server, key);
  const shared = typeof row?.max_budget === 'number' ? row.max_budget : null;
  return server.facts.preferredBudget === 'row' ? (shared ?? key.max_budget) : (key.max_budget ?? shared);
}

/** In LiteLLM's order. A user's models and budget bind personal keys only. */
export function checkOwners(server: Server, key: StoredKey, model: string): void {
  const team = server.teams.get(String(key.team_id));
  const user = server.users.get(String(key.user_id));
  if (team !== undefined) {
    const { blocked } = believed(server, 'team', team.team_id) ?? team;
    if (blocked === true) throw blockedTeam(server, team);
    checkAmong(server, 'team', team.models, model);
    if (isOver(server, team)) throw overBudget(server, `Team=${team.team_id}`, team);
    checkMember(server, key, model);
  } else if (user !== undefined) {
    checkAmong(server, 'user', user.models, model);
    if (isOver(server, user)) throw overUser(server, user);
  }
  checkAmong(server, 'key', key.models, model);
}

function blockedTeam({ facts }: Server, { team_id: id }: StoredTeam): Refused {
  const who = facts.blockedArticle === 'admin' ? 'your admin' : `you're ${facts.blockedArticle}`;
  return refuseAuth(`Authentication Error, Team=${id} is blocked. Update via \`/team/unblock\` if ${who}.`);
}

function checkMember(server: Server, { team_id: team, user_id: user }: StoredKey, model: string): void {
  const membership = findMembership(server, String(team), String(user));
  const budget = membership === undefined ? null : budgetOf(server, membership);
  const models = texts(budget?.allowed_models);
  if (!covers(models, model)) throw deniedMember(server, { user, team, models, model });
  const spent = { spend: membership?.spend ?? 0, max_budget: budget?.max_budget ?? null };
  if (isOver(server, spent)) throw overBudget(server, `User=${user} in Team=${team}`, spent);
}

type Denied = Record<'user' | 'team', string | null> & { readonly models: readonly string[]; readonly model: string };

function deniedMember({ facts }: Server, { user, team, models, model }: Denied): Refused {
  const who = `User=${user}, Team=${team}, Model=${model}`;
  const text =
    facts.modelDenied === 403
      ? hiddenDenial(model)
      : `Team member not allowed to access model. ${who}. Allowed member models = ${pythonList(models)}`;
  return refuse(facts.modelDenied, 'team_model_access_denied', text, 'model');
}

/** Older versions let the last call through that reaches a budget, and so any call where the budget is nothing. */
function isOver({ facts }: Server, { spend, max_budget: most }: Row): boolean {
  if (typeof most !== 'number' || typeof spend !== 'number') return false;
  return facts.ownerBudget === 'reached' ? spend >= most : spend > most;
}

function overBudget({ facts }: Server, who: string, { spend, max_budget: most }: Row): Refused {
  const cost = `Current cost: ${pythonFloat(Number(spend))}, Max budget: ${pythonFloat(Number(most))}`;
  return refuse(facts.overBudgetStatus, 'budget_exceeded', `Budget has been exceeded! ${who} ${cost}`, null);
}

function overUser({ facts }: Server, { user_id: id, spend, max_budget: most }: StoredUser): Refused {
  const cost = `Spend=${pythonFloat(spend)}, Budget=${pythonFloat(Number(most))}`;
  const text = `ExceededBudget: User=${id} over budget. ${cost}`;
  return refuse(facts.overBudgetStatus, 'budget_exceeded', text, null);
}

function checkAmong({ facts }: Server, who: 'team' | 'key' | 'user', names: readonly string[], model: string): void {
  if (covers(names, model)) return;
  const text =
    facts.modelDenied === 403
      ? hiddenDenial(model)
      : `${who} not allowed to access model. This ${who} can only access models=${pythonList(names)}. Tried to access ${model}`;
  throw refuse(facts.modelDenied, `${who}_model_access_denied`, text, 'model');
}

function hiddenDenial(model: string): string {
  const advice = 'Check the models available to you and try again.';
  return `The requested model '${model}' is not available for this API key, or the model name is invalid. ${advice}`;
}

function pythonList(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(', ')}]`;
}

/** Whether a list of models, which stands for all when it is empty, lets a call to one pass. */
function covers(names: readonly string[], model: string): boolean {
  const every = names.some((name) => name === 'all-proxy-models' || name === 'all-team-models');
  return names.length === 0 || every || names.some((name) => allows(name, model));
}

/** Whether a name, which may end in a wildcard, covers a model. */
export function allows(name: string, model: string): boolean {
  return name.includes('*') ? model.startsWith(name.slice(0, name.indexOf('*'))) : name === model;
}
