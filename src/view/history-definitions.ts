/** What is remembered of sets, in the schema of what `-o json` prints. */
import { ACTIONS } from '../model/change.ts';
import { exactly, flag, hash, listOf, natural, numberOrNull, text, textOrNull, texts } from './schema-terms.ts';

export const HISTORY_DEFINITIONS = {
  pastRun: {
    description:
      'One run on one set. ended: null where it was cut; what it did is in the runs after it. modified: the spec was not as its commit has it.',
    ...exactly({
      run: text,
      set: text,
      url: text,
      started: text,
      ended: textOrNull,
      command: text,
      user: textOrNull,
      host: text,
      actor: textOrNull,
      job: textOrNull,
      vkeys: text,
      litellm_version: textOrNull,
      specs: listOf(exactly({ file: text, commit: textOrNull, modified: { type: ['boolean', 'null'] } })),
      planned: exactly({}, Object.fromEntries(ACTIONS.map((action) => [action, natural]))),
      changes: listOf(
        exactly({
          action: { enum: ACTIONS },
          ref: text,
          id: textOrNull,
          status: { enum: ['applied', 'failed'] },
          changes: listOf(exactly({ field: text, from: {}, to: {} })),
          spend: numberOrNull,
        }),
      ),
      written: texts,
      withdrawn: texts,
      error: textOrNull,
    }),
  },
  historyOf: {
    description:
      'intact: no line was changed or taken out; broken: the numbers of lines where one was. head: the hash of all of it. dropped: how many old lines were left out.',
    ...exactly({
      set: text,
      url: text,
      intact: flag,
      broken: listOf(natural),
      head: text,
      dropped: natural,
      dropped_until: textOrNull,
    }),
  },
  serverKey: {
    description: 'Who made, changed and deleted a key, as the server says; null where it does not.',
    ...exactly({
      key_alias: textOrNull,
      key_id: hash,
      set: textOrNull,
      created_at: textOrNull,
      created_by: textOrNull,
      updated_at: textOrNull,
      updated_by: textOrNull,
      deleted_at: textOrNull,
      deleted_by: textOrNull,
    }),
  },
} as const;
