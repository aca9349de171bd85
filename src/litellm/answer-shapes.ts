import * as z from 'zod/mini';
import { RequestError } from './http/request-error.ts';

const maybeText = z.nullish(z.string());

/** A row as `/key/list`, `/key/info` and `/key/update` have it: what every version of LiteLLM agrees on. */
const Row = z.looseObject({
  token: maybeText,
  key_alias: maybeText,
  key_name: maybeText,
  team_id: maybeText,
  metadata: z.unknown(),
  created_at: maybeText,
  expires: maybeText,
  budget_reset_at: maybeText,
  spend: z.nullish(z.number()),
});
const Page = z.looseObject({ keys: z.array(z.unknown()), total_count: z.number(), total_pages: z.number() });
const Info = z.looseObject({ info: z.looseObject({ status: maybeText }) });
const Infos = z.looseObject({ info: z.array(z.unknown()) });
/** A secret goes into headers and files, so anything but plain characters is none. */
const Generated = z.looseObject({ key: z.string().check(z.regex(/^[!-~]+$/)) });
const Models = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
const Groups = z.looseObject({ access_groups: z.nullish(z.array(z.string())) });
const ModelInfo = z.looseObject({
  data: z.array(
    z.looseObject({
      model_name: maybeText,
      litellm_params: z.nullish(z.looseObject({ model: maybeText })),
      model_info: z.nullish(Groups),
    }),
  ),
});

/** A row of a team, user or budget. */
const Thing = z.looseObject({
  metadata: z.optional(z.unknown()),
  created_at: maybeText,
  budget_reset_at: maybeText,
  spend: z.nullish(z.number()),
});
const Things = z.array(Thing);
const paged = { total: z.number(), total_pages: z.number() };
const Teams = z.looseObject({ teams: Things, ...paged });
const Users = z.looseObject({ users: Things, ...paged });
const UserInfo = z.looseObject({ user_info: z.nullish(Thing) });
const TeamInfo = z.looseObject({ team_info: Thing, team_memberships: z.nullish(z.array(z.unknown())) });

/** The shapes of the answers that the client reads. */
export const ANSWERS = {
  Row,
  Page,
  Info,
  Infos,
  Generated,
  Models,
  ModelInfo,
  Thing,
  Things,
  Teams,
  Users,
  UserInfo,
  TeamInfo,
};

/** Throws `protocol` when an answer does not have the shape that LiteLLM's have. */
export function readAs<T>(schema: z.ZodMiniType<T>, body: unknown, path: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? '' : ` at ${issue.path.join('.') || 'its top'}: ${issue.message}`;
  throw new RequestError(
    'protocol',
    `The answer to ${path} is not one of LiteLLM's${place}.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { reach: 'unknown' },
  );
}
