import { isAbsolute } from 'node:path';
import * as z from 'zod/mini';
import { longestSpan } from '../../base/duration.ts';
import { placeholdersOf } from '../../base/template.ts';
import { commandLine } from '../../encode/argument.ts';
import { argumentsOf, COMMAND_FORMATS, type Argv, type CommandDelivery, type Delivery } from '../../model/delivery.ts';
import { guess } from '../guess.ts';
import { quoted } from '../read/text.ts';
import { duration, filled, member, strict } from '../schema-parts.ts';
import type { Trouble } from './collisions.ts';
import { pathIn, VARIABLE_MEMBERS, variablesIn, type DeliveryForm, type Where } from './form.ts';
import { LATE, lateIn } from './late.ts';
import { PRESETS, PRESET_MEMBERS, type Preset, type PresetMember } from './presets.ts';

const argv = () => z.array(filled());
// oxlint-disable-next-line no-unsafe-type-assertion -- the names of literals
const [USES, MEMBERS] = [Object.keys(PRESETS), Object.keys(PRESET_MEMBERS)] as [Use[], PresetMember[]];
type Use = keyof typeof PRESETS;

// oxlint-disable-next-line no-unsafe-type-assertion -- it has these names and no others
const presetMembers = Object.fromEntries(
  MEMBERS.map((name) => [name, member(filled(), `with use: ${PRESET_MEMBERS[name]}`)]),
) as Record<PresetMember, z.ZodMiniOptional<ReturnType<typeof filled>>>;

const schema = strict({
  run: member(argv(), 'the program that puts the secret, and its arguments: a list, as no shell reads it'),
  create: member(argv(), 'instead of run, where check finds nothing'),
  check: member(argv(), 'prints what is there, or ends with 0 where something is'),
  missing: member(filled(), 'a part of what check says on its stderr where nothing is; else every failure means that'),
  remove: member(argv(), 'takes the secret away when the key is gone'),
  use: member(z.enum(USES), 'a program that vkeys knows, instead of run, create, check, missing and remove'),
  ...presetMembers,
  stdin: member(filled(), "what the program reads: '{key}', or a text around it"),
  ...VARIABLE_MEMBERS,
  format: member(z.enum(COMMAND_FORMATS), 'how variables are written; json: also how values are put in stdin'),
  fd: member(z.literal(3), 'the secret at descriptor 3 (/dev/fd/3), and not on stdin'),
  env: member(z.record(z.string(), filled()), 'variables of the programs; the secret is none of them'),
  timeout: member(duration(), 'for each run of a program; without, 30s'),
});
type Entry = z.infer<typeof schema>;
/** What only the text that a program reads may have. */
const SECRETS = ['key', 'code', 'seat'];
type Commands = Exclude<ReturnType<Preset['commands']>, Trouble>;

export const command: DeliveryForm<Entry> = {
  about: 'a program of your own, or one that vkeys knows: gh, glab, vault, op, aws, az, gcloud, kubectl, sops',
  schema,
  delivery: (entry, where) => {
    const commands = entry.use === undefined ? commandsIn(entry) : presetIn(entry.use, entry);
    if ('message' in commands) return commands;
    const content = contentIn(entry, commands.reads);
    if ('message' in content) return content;
    const { run, create, check, missing, remove } = commands;
    const argvs = Object.entries({ run, create, check, remove }).map(([name, each]) => [name, programIn(each, where)]);
    const { env, fd } = entry;
    const timeout = entry.timeout === undefined ? null : longestSpan(entry.timeout);
    const delivery: CommandDelivery & Pick<Delivery, 'optional'> = {
      to: 'command',
      run,
      ...Object.fromEntries(argvs.filter(([, each]) => each !== undefined)),
      ...(missing === undefined ? {} : { missing }),
      ...content,
      ...(fd === undefined ? {} : { fd }),
      ...(env === undefined ? {} : { env }),
      ...(timeout === null ? {} : { timeout }),
      folder: where.folder,
    };
    return troubleIn(delivery) ?? { ...delivery, path: placeOf(delivery) };
  },
};

function commandsIn(entry: Entry): Commands | Trouble {
  const member_ = MEMBERS.find((name) => entry[name] !== undefined);
  if (member_ !== undefined)
    return { message: `${member_} goes with use.`, hint: `Write use: ${USES.join(', ')}; or an argument of run.` };
  const { run, create, check, missing, remove } = entry;
  if (run === undefined) return { message: 'There is no run.', hint: 'Write run: [PROGRAM, ARGUMENT, …], or use: gh.' };
  if (check === undefined && (create ?? missing) !== undefined)
    return { message: `${create === undefined ? 'missing' : 'create'} goes with check.`, hint: 'Write check: too.' };
  return {
    run,
    ...(create === undefined ? {} : { create }),
    ...(check === undefined ? {} : { check }),
    ...(missing === undefined ? {} : { missing }),
    ...(remove === undefined ? {} : { remove }),
  };
}

function presetIn(use: Use, entry: Entry): Commands | Trouble {
  const { needs, takes = [], commands }: Preset = PRESETS[use];
  const own = (['run', 'create', 'check', 'missing', 'remove'] as const).find((name) => entry[name] !== undefined);
  if (own !== undefined) return { message: `use: ${use} says what ${own} is.`, hint: `Take ${own} out, or use.` };
  const known = [...needs, ...takes];
  const odd = MEMBERS.find((name) => entry[name] !== undefined && !known.includes(name));
  if (odd !== undefined)
    return { message: `use: ${use} has no ${odd}.${guess(odd, known)}`, hint: `It has ${known.join(', ')}.` };
  const lacking = needs.find((name) => entry[name] === undefined);
  if (lacking !== undefined) return { message: `use: ${use} needs ${lacking}.`, hint: `Write ${lacking}: beside use.` };
  return commands(
    Object.fromEntries(known.flatMap((name) => (entry[name] === undefined ? [] : [[name, entry[name]]]))),
  );
}

function contentIn(
  { stdin, variables, for: client, format }: Entry,
  reads: Commands['reads'] = {},
): Pick<CommandDelivery & Delivery, 'stdin' | 'variables' | 'format' | 'optional'> | Trouble {
  const [own] = Object.entries({ stdin, variables, for: client, format }).flatMap(([name, value]) =>
    value === undefined ? [] : name,
  );
  if (reads.stdin !== undefined)
    return own === undefined ? reads : { message: `use says what ${own} is here.`, hint: `Take ${own} out.` };
  const hasVariables = variables !== undefined || client !== undefined;
  if (stdin !== undefined && (hasVariables || format === 'dotenv'))
    return { message: 'stdin and variables are two texts for one program.', hint: 'Keep one of them.' };
  if (hasVariables || (stdin === undefined && (format ?? reads.format) === 'dotenv'))
    return { ...variablesIn({ variables, for: client }), format: format ?? reads.format ?? 'dotenv' };
  return { ...(stdin === undefined ? {} : { stdin }), ...(format === undefined ? {} : { format }) };
}

/** A program with a slash in its name is beside the spec; else it is looked for on PATH. */
function programIn(argv_: Argv | undefined, where: Where): Argv | undefined {
  const [program = '', ...args] = argv_ ?? [];
  if (argv_ === undefined || !/[/\\]/.test(program) || isAbsolute(program)) return argv_;
  return [pathIn(where, program), ...args];
}

function troubleIn(delivery: CommandDelivery): Trouble | null {
  const { run, create, check, remove, env = {} } = delivery;
  const empty = Object.entries({ run, create, check, remove }).find(([, each]) => each?.length === 0);
  if (empty !== undefined) return { message: `${empty[0]} is empty.`, hint: 'Write [PROGRAM, ARGUMENT, …].' };
  const args = argumentsOf(delivery);
  const inEnv = Object.entries(env).flat();
  const secret = [...args, ...inEnv].flatMap(placeholdersOf).find((name) => SECRETS.includes(name));
  if (secret !== undefined) {
    const hint = 'The program gets it on its stdin. For a file: fd: 3, and /dev/fd/3 as the argument.';
    return { message: `Arguments and variables are seen by others, so {${secret}} is in none of them.`, hint };
  }
  const odd = [...args, ...inEnv].find((text) => /\p{Cc}/u.test(text));
  if (odd !== undefined) return { message: `${quoted(odd)} has a control character in it.`, hint: 'Take it out.' };
  const program = [run, create, check, remove]
    .map((each) => each?.[0] ?? '')
    .find((each) => placeholdersOf(each).length > 0);
  if (program !== undefined)
    return { message: `${quoted(program)} is no program's name.`, hint: 'Placeholders are for its arguments.' };
  return lateIn(args, 'an argument', 'The program has it in its environment: VKEYS_EXPIRES, VKEYS_API_BASE_URL.');
}

/** What is typed to put it: a program that is told apart by its environment alone has that in front. */
function placeOf({ run, env = {} }: CommandDelivery): string {
  const fixed = Object.entries(env).filter(([, value]) => placeholdersOf(value).every((name) => !LATE.includes(name)));
  return commandLine([...fixed.map(([name, value]) => `${name}=${value}`), ...run]);
}
