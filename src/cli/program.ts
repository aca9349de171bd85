/** The program on one screen: every command, its options, and the file that does it. */
import { Command, CommanderError, Help, Option, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { EXIT_CODES } from '../base/errors.ts';
import { addCompletion } from './completion.ts';
import { collect, fieldOptions, list, withOptions } from './field-options.ts';
import { addGlobals, type Globals } from './options.ts';
import { VERSION } from './release.ts';
import type { World } from '../run/world.ts';

/** Runs one command line (without `node` and the script) and answers with the exit code. Never throws. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const ended = { code: 0 };
  const program = makeProgram(world, (code) => {
    ended.code = code;
  });
  addCompletion(program, world);
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return ended.code;
  } catch (error) {
    if (error instanceof CommanderError)
      return ['commander.helpDisplayed', 'commander.version', 'commander.help'].includes(error.code)
        ? 0
        : EXIT_CODES.usage;
    const { report } = await import('./failure.ts');
    return report(error, argv, world);
  }
}

async function prepare(world: World, globals: Globals): Promise<World> {
  return globals.envFile === undefined ? world : (await import('./env-file.ts')).withEnvFile(world, globals.envFile);
}

/** A command, as far as its action needs it. */
type Leaf = { optsWithGlobals(): object };

function globalsOf(command: Leaf): Globals {
  // oxlint-disable-next-line no-unsafe-type-assertion -- addGlobals declared them, on the program above this command
  return command.optsWithGlobals() as Globals;
}

/** `end` takes the exit code of the command that ran. */
export function makeProgram(world: World, end: (code: number) => void): Command {
  const program = new Command('vkeys')
    .description("Manages a LiteLLM proxy's virtual keys: say in YAML what they should be, see the plan, apply it.")
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ formatHelp: commandsFirst })
    .exitOverride()
    .configureOutput({ writeOut: (text) => world.stdout.write(text), writeErr: (text) => world.stderr.write(text) })
    .showHelpAfterError('Run the command with --help to see what it takes.')
    .showSuggestionAfterError(true)
    .addHelpText('after', FOOTER);
  addGlobals(program);
  const action =
    <O extends object>(load: () => Promise<(world: World, options: O & Globals) => Promise<number>>) =>
    async (options: O, command: Leaf): Promise<void> => {
      const all = { ...options, ...globalsOf(command) };
      end(await (await load())(await prepare(world, all), all));
    };
  const named =
    <A, O extends object>(load: () => Promise<(world: World, argument: A, options: O & Globals) => Promise<number>>) =>
    async (argument: A, options: O, command: Leaf): Promise<void> => {
      const all = { ...options, ...globalsOf(command) };
      end(await (await load())(await prepare(world, all), argument, all));
    };

  program.commandsGroup('Keys from a spec:');
  program
    .command('apply')
    .description('make the keys what the spec says')
    .addOption(files())
    .option('--prune', 'delete keys of the set that the spec does not mention (any more)')
    .option('--max-deletions <n>', 'let --prune delete more than 30 %: a number or a percentage')
    .option('--adopt', 'take over keys that are there under a wanted alias')
    .option('--only <glob>', 'only aliases that match, e.g. "lab-*" (repeatable)', collect)
    .option('-y, --yes', 'delete without asking')
    .option('--dry-run', 'show the plan and stop')
    .option('--exit-code', 'with --dry-run: exit 2 when there are changes')
    .option('--no-model-check', 'do not look whether the server offers the models')
    .action(action(async () => (await import('./commands/apply.ts')).apply));
  program
    .command('plan')
    .description('show what apply would change, field by field')
    .addOption(files())
    .option('--prune', 'as for apply')
    .option('--max-deletions <n>', 'as for apply')
    .option('--adopt', 'as for apply')
    .option('--only <glob>', 'as for apply (repeatable)', collect)
    .option('--exit-code', 'exit 2 when there are changes')
    .option('--no-model-check', 'do not look whether the server offers the models')
    .action(action(async () => (await import('./commands/apply.ts')).plan));
  program
    .command('validate')
    .description('check spec files without a server')
    .addOption(files())
    .option('--print', 'print the keys that the spec makes')
    .action(action(async () => (await import('./commands/validate.ts')).validate));
  program
    .command('init')
    .description('write a commented starter spec')
    .argument('[file]', 'where to', 'vkeys.yaml')
    .action(named(async () => (await import('./commands/init.ts')).init));
  program
    .command('schema')
    .description("print the spec's JSON Schema, for editors")
    .action(action(async () => (await import('./commands/schema.ts')).schema));

  program.commandsGroup('Single keys:');
  withOptions(program.command('create').description('make one key and print it'), fieldOptions())
    .requiredOption('--alias <alias>', "the key's name")
    .option('--set <name>', 'the set that owns it', 'adhoc')
    .option('--if-absent', 'succeed when the alias exists already')
    .option('--no-model-check', 'do not look whether the server offers the models')
    .action(action(async () => (await import('./commands/create.ts')).create));
  withOptions(
    program.command('update').description('change just these fields of one key').argument('<alias>'),
    fieldOptions(),
  )
    .option('--unset <field>', 'clear a field, e.g. max_budget (repeatable)', collect)
    .action(named(async () => (await import('./commands/update.ts')).update));
  program
    .command('get')
    .description('show one key in full')
    .argument('<alias>')
    .addOption(new Option('--show-key', 'with its secret, if the keyring has it'))
    .action(named(async () => (await import('./commands/get.ts')).get));
  program
    .command('delete')
    .description('delete keys by alias, by hash, or all of a spec')
    .argument('[alias...]')
    .addOption(files(false))
    .option('--key-id <hash>', 'the key with this hash (repeatable)', collect)
    .option('--prune', 'with -f: also keys of the set that the spec does not mention')
    .option('--only <glob>', 'with -f: only aliases that match (repeatable)', collect)
    .option('-y, --yes', 'do not ask')
    .action(named(async () => (await import('./commands/delete.ts')).remove));
  program
    .command('list')
    .alias('ls')
    .description('list keys')
    .option('--set <name>', 'of this set')
    .option('--alias <glob>', 'whose alias matches, e.g. "lab-*"')
    .option('--user <user_id>', 'of this user')
    .option('--team <team_id>', 'of this team')
    .addOption(
      new Option('--status <status>', 'in this state').choices([
        'active',
        'expired',
        'blocked',
        'over_budget',
      ] as const),
    )
    .option('--expiring <duration>', 'that end within, e.g. 24h')
    .option('--sort <field>', 'sorted by a column; -field for the other way round', 'key_alias')
    .option('--columns <names>', 'with these columns', list)
    .action(action(async () => (await import('./commands/list.ts')).list));

  program.commandsGroup('The server:');
  program
    .command('models')
    .description('list the models that the server offers')
    .action(action(async () => (await import('./commands/models.ts')).models));
  program
    .command('doctor')
    .description('check address, database, credential and version')
    .action(action(async () => (await import('./commands/doctor.ts')).doctor));
  const auth = program.command('auth').description('where the admin credential comes from');
  auth
    .command('status')
    .description('which credential is used, and what it may do')
    .action(action(async () => (await import('./commands/auth.ts')).status));
  auth
    .command('login')
    .description('save a connection as a profile')
    .action(action(async () => (await import('./commands/auth.ts')).login));
  auth
    .command('logout')
    .description('end the session and forget the profile')
    .action(action(async () => (await import('./commands/auth.ts')).logout));
  auth
    .command('profiles')
    .description('list the saved connections')
    .option('--use <name>', 'use this one from now on')
    .action(action(async () => (await import('./commands/auth.ts')).profiles));
  program
    .command('sandbox')
    .description('serve an in-memory LiteLLM on 127.0.0.1 for trying things')
    .option('--port <port>', 'the port', '4000')
    .option('--as <version>', 'behave like this version of LiteLLM')
    .action(action(async () => (await import('./commands/sandbox.ts')).sandbox));
  program.helpCommand('help [command]', 'print the help of a command');
  return program;
}

/** The commands are what people look for, so they come before the options that all of them take. */
function commandsFirst(command: CommandUnknownOpts, helper: Help): string {
  const [usage = '', description = '', ...sections] = new Help().formatHelp(command, helper).trimEnd().split('\n\n');
  const isOptions = (section: string): boolean => /^\s+-/m.test(section);
  const sorted = [...sections.filter((section) => !isOptions(section)), ...sections.filter(isOptions)];
  const more = command.parent === null ? [] : ['Every command also takes the global options: vkeys --help'];
  return `${[usage, description, ...sorted, ...more].join('\n\n')}\n`;
}

function files<R extends boolean = true>(
  mandatory?: R,
): Option<'-f, --file <path...>', undefined, undefined, undefined, R> {
  const option = new Option('-f, --file <path...>', 'spec files or folders, - for standard input');
  return option.makeOptionMandatory(mandatory ?? true) as Option<
    '-f, --file <path...>',
    undefined,
    undefined,
    undefined,
    R
  >;
}

const FOOTER = `
Start here:
  vkeys init                           a commented spec to begin with
  vkeys plan -f vkeys.yaml --sandbox   what it would do, without a server
  vkeys create --alias me --duration 8h

Exit codes: 0 done · 1 failed · 2 changes found (--exit-code) · 3 wrong input · 4 no credential or refused
            5 partly failed · 6 refused, nothing changed · 130 interrupted`;
