/** What a spec cannot say is left out of a document: whatever its reader has something against, found by having it read. */
import { isList, isObject, textOf, type Json, type JsonObject } from '../../base/json.ts';
import { yamlText } from '../../encode/yaml.ts';
import { BUDGET_FORM, KEY_FORM, MEMBER_FORM, TEAM_FORM, USER_FORM } from '../forms.ts';
import { loadSpecs } from '../load.ts';

export type Sayable = { readonly document: JsonObject; readonly left: readonly LeftOut[] };

/** What of a thing is left out. `field`: `null`: all of it. */
export type LeftOut = { readonly name: string; readonly field: string | null };

const LISTS = [
  ['budgets', BUDGET_FORM.naming],
  ['users', USER_FORM.naming],
  ['teams', TEAM_FORM.naming],
  ['keys', KEY_FORM.naming],
] as const;

export async function sayable(document: JsonObject): Promise<Sayable> {
  if (await isRead(document)) return { document, left: [] };
  const left: LeftOut[] = [];
  const { budgets: _, users: __, teams: ___, keys: ____, ...head } = document;
  const whole: Record<string, Json> = { ...head };
  for (const [list, naming] of LISTS) {
    const inList = (item: JsonObject): Promise<boolean> => isRead({ ...head, [list]: [item] });
    const items: JsonObject[] = [];
    for (const { members, ...item } of itemsIn(document[list])) {
      const inTeam = (member: JsonObject): Promise<boolean> => inList({ [naming]: 'team', members: [member] });
      const sound = await soundItem(item, naming, inList, left);
      const staff: JsonObject[] = [];
      for (const member of itemsIn(members)) staff.push(...(await soundItem(member, MEMBER_FORM.naming, inTeam, left)));
      items.push(...sound.map((one) => (staff.length === 0 ? one : { ...one, members: staff })));
    }
    if (items.length > 0 || list === 'keys') whole[list] = items;
  }
  return { document: whole, left };
}

function itemsIn(list: Json | undefined): readonly JsonObject[] {
  return isList(list) ? list.filter(isObject) : [];
}

/** The item without what cannot be read of it; nothing where its name cannot. */
async function soundItem(
  item: JsonObject,
  naming: string,
  isSound: (item: JsonObject) => Promise<boolean>,
  left: LeftOut[],
): Promise<readonly JsonObject[]> {
  if (await isSound(item)) return [item];
  const name = textOf(item[naming]);
  const named = only(item, (field) => field === naming);
  if (!(await isSound(named))) {
    left.push({ name, field: null });
    return [];
  }
  /* Some metadata needs a team. */
  const inTeam = only(item, (field) => field === naming || field === 'team_id');
  const base = (await isSound(inTeam)) ? inTeam : named;
  const kept = async (
    fields: JsonObject,
    say: (field: JsonObject) => JsonObject,
    prefix: string,
  ): Promise<JsonObject> => {
    const sound: Record<string, Json> = {};
    for (const [field, value] of Object.entries(fields)) {
      if (await isSound({ ...base, ...say({ [field]: value }) })) sound[field] = value;
      else left.push({ name, field: prefix + field });
    }
    return sound;
  };
  const { metadata, ...fields } = item;
  const members = await kept(isObject(metadata) ? metadata : {}, (member) => ({ metadata: member }), 'metadata.');
  return [
    {
      ...(await kept(fields, (field) => field, '')),
      ...(Object.keys(members).length === 0 ? {} : { metadata: members }),
    },
  ];
}

function only(item: JsonObject, isMeant: (field: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(item).filter(([field]) => isMeant(field)));
}

async function isRead(document: JsonObject): Promise<boolean> {
  const readStdin = (): Promise<string> => Promise.resolve(yamlText(document));
  const { diagnostics } = await loadSpecs(['-'], { cwd: '/', env: {}, readStdin });
  return diagnostics.length === 0;
}
