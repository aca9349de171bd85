/** The program on one screen: every command, what it is for, and the file that has its flags and does it. */
import { Command, CommanderError, type CommandUnknownOpts, type OptionValues } from '@commander-js/extra-typings';
import { redact, release } from '../base/secret.ts';
import { VERSION } from '../base/release.ts';
import type { Console } from './console.ts';
import { pointed } from './pointers.ts';
import { assertUnquoted, withoutEmpty } from './environment.ts';
import { commandsFirst, examplesText, FOOTER } from './help.ts';
import { assertFilled, formatIn, globalFlags, type Globals } from './options.ts';

/** Runs one command line (without `node` and the script) and answers with the exit code. Never throws. */
export async function run(argv: readonly string[], world: Console): Promise<number> {
  const console = { ...world, env: withoutEmpty(world.env) };
  const started = console.now();
  release();
  const seen = watch(console);
  const turn: Turn = { code: 0, console: seen.console };
  const about: string[] = [];
  const { program } = makeProgram(turn, (text) => about.push(text));
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' }).catch(unlessAnswered);
    if (about.length > 0) await printAbout(turn.console, argv, started, about.join(''));
    return turn.code;
  } catch (error) {
    const { report } = await import('./failure.ts');
    return report(error, turn.console, { argv, started, isPrinted: seen.isPrinted() });
  }
}

/** Commander ends with an error when it has answered. */
function unlessAnswered(thrown: unknown): void {
  if (!(thrown instanceof CommanderError) || thrown.exitCode !== 0) throw thrown;
}

/** Help and the version are for people whatever VKEYS_OUTPUT says, and in a document where a flag asks for one. */
async function printAbout(console: Console, argv: readonly string[], started: Date, text: string): Promise<void> {
  const format = formatIn(argv);
  if (format !== 'json' && format !== 'yaml') return console.stdout.write(text);
  const { emitContent } = await import('./output.ts');
  const more = text.trim() === VERSION ? { vkeys: VERSION } : { help: text };
  return emitContent(console, { color: false }, format, { started, more });
}

/** The console, and whether anything was printed on it. */
function watch(console: Console): { readonly console: Console; isPrinted(): boolean } {
  const { stdout } = console;
  let isPrinted = false;
  const write = (text: string): void => {
    isPrinted = true;
    stdout.write(text);
  };
  return { console: { ...console, stdout: { ...stdout, write } }, isPrinted: () => isPrinted };
}

/** A file in `commands/`: its flags and arguments, and what it does with them. */
type CommandFile<A extends unknown[], O extends OptionValues> = {
  readonly flags?: (command: Command) => Command<A, O>;
  /** Command lines that work, for its help. */
  readonly examples?: readonly string[];
  readonly action: (console: Console, ...given: [...A, O & Globals]) => Promise<number>;
};

/** One command line: the console that it has, with --env-file as soon as that is read, and the exit code that it came to. */
export type Turn = { code: number; console: Console };

/** The program, and what loads the flags of the commands that these words name. */
export type Program = { readonly program: Command; readonly load: (words: readonly string[]) => Promise<void> };

/**
 * A command is loaded when it is named, with all that it needs; the library that completes words adds its own commands.
 * `writeOut` gets help and the version.
 */
export function makeProgram(turn: Turn, writeOut: (text: string) => void, hasCompletion = true): Program {
  const { stderr } = turn.console;
  const loads = new Map<CommandUnknownOpts, () => Promise<void>>();
  const loadNamed = async (_: unknown, command: CommandUnknownOpts): Promise<void> => loads.get(command)?.();
  const program = new Command('vkeys')
    .description("Manages a LiteLLM proxy's virtual keys: say in YAML what they should be, see the plan, apply it.")
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .configureHelp({ formatHelp: commandsFirst, subcommandTerm: (command) => command.name() })
    .exitOverride()
    .configureOutput({ writeOut, writeErr: (text) => stderr.write(redact(pointed(text))) })
    .showHelpAfterError('Run the command with --help to see what it takes.')
    .showSuggestionAfterError(true)
    .addHelpText('after', FOOTER)
    .hook('preSubcommand', loadNamed);
  globalFlags(program);

  function add<A extends unknown[], O extends OptionValues>(
    name: string,
    about: string,
    file: () => Promise<CommandFile<A, O>>,
    parent: Command = program,
  ): Command {
    const command = parent.command(name, { hidden: about === '' }).description(about);
    loads.set(command, async () => {
      const { flags, examples = [], action } = await file();
      flags?.(command);
      if (examples.length > 0) command.addHelpText('after', examplesText(examples));
      command.action(async () => {
        // oxlint-disable-next-line no-unsafe-type-assertion -- globalFlags declared them
        const options = command.optsWithGlobals() as O & Globals;
        // oxlint-disable-next-line no-unsafe-type-assertion -- the file declared them
        const given = [...command.processedArgs, options] as unknown as [...A, O & Globals];
        assertFilled(command, options);
        turn.console = await prepare(turn.console, nameOf(command), options);
        turn.code = await action(turn.console, ...given);
      });
    });
    return command;
  }

  const group = (name: string, about: string): Command =>
    program.command(name).description(about).helpCommand(false).hook('preSubcommand', loadNamed);

  program.commandsGroup('Keys from a spec:');
  add('apply', 'make the keys what the spec says', () => import('./commands/apply.ts'));
  add('plan', 'show what apply would change, field by field', () => import('./commands/plan.ts')).alias('diff');
  add('validate', 'check spec files without a server', () => import('./commands/validate.ts'));
  add('rotate', 'give keys new secrets under their names, without a gap', () => import('./commands/rotate.ts'));
  add('deliver', 'put keys where the spec wants them again, without a server', () => import('./commands/deliver.ts'));
  add('check', 'hold what is live on a server against the rules', () => import('./commands/check.ts'));
  add('export', 'write what is live as a spec', () => import('./commands/export.ts'));
  add('adopt', 'mark what a spec names as its own, and change nothing else', () => import('./commands/adopt.ts'));
  add('close', 'end the keys of a spec, with an account of what was used', () => import('./commands/close.ts'));
  add('init', 'write a commented starter spec', () => import('./commands/init.ts'));
  add('schema', "print the spec's JSON Schema, for editors", () => import('./commands/schema.ts'));

  program.commandsGroup('Single keys:');
  add('create', 'make one key and print it', () => import('./commands/create.ts'));
  add('update', 'change just these fields of one key', () => import('./commands/update.ts'));
  add('share', 'note that users and groups have one key too', () => import('./commands/share.ts'));
  add('unshare', 'note that they have it no longer', () => import('./commands/unshare.ts'));
  add('get', 'show one key in full', () => import('./commands/get.ts'));
  add(
    'delete',
    'delete keys that are named, several at once, or all of a spec',
    () => import('./commands/delete.ts'),
  ).alias('rm');
  add('list', 'list keys', () => import('./commands/list.ts')).alias('ls');
  add('status', 'show how keys stand, at a glance', () => import('./commands/status.ts'));
  add('usage', 'tell how much was used, by keys, users, teams, models or days', () => import('./commands/usage.ts'));

  program.commandsGroup("A key's life:");
  add('extend', 'move the end of keys to later', () => import('./commands/extend.ts'));
  add('raise', 'give keys more to spend', () => import('./commands/raise.ts'));
  add('block', 'refuse every call with keys, until they are unblocked', () => import('./commands/block.ts'));
  add('unblock', 'let keys be used again', () => import('./commands/unblock.ts'));
  add('open', 'open keys now that their spec opens later', () => import('./commands/open.ts'));
  add('gc', 'delete keys that have ended, and those whose grace is over', () => import('./commands/gc.ts'));

  add('snapshot', 'write down what keys have spent, to be compared later', () => import('./commands/snapshot.ts'));
  add('history', 'tell what vkeys did here, when, and who ran it', () => import('./commands/history.ts'));

  add('migrate', 'have the same keys, with the same secrets, on another server', () => import('./commands/migrate.ts'));

  program.commandsGroup('People:');
  const team = group('team', 'teams, their members and their keys');
  add('list', 'list teams', () => import('./commands/team/list.ts'), team).alias('ls');
  add('get', 'show one team in full, with its members', () => import('./commands/team/get.ts'), team);
  add('create', 'make one team', () => import('./commands/team/create.ts'), team);
  add('update', 'change just these fields of one team', () => import('./commands/team/update.ts'), team);
  add('delete', 'delete teams', () => import('./commands/team/delete.ts'), team).alias('rm');
  add('block', "refuse every call with a team's keys", () => import('./commands/team/block.ts'), team);
  add('unblock', "let a team's keys be used again", () => import('./commands/team/unblock.ts'), team);
  add(
    'members',
    'list who is in a team, or add, set and remove some',
    () => import('./commands/team/members.ts'),
    team,
  );
  add('keys', 'list the keys of a team', () => import('./commands/team/keys.ts'), team);
  const user = group('user', 'users and their keys');
  add('list', 'list users', () => import('./commands/user/list.ts'), user).alias('ls');
  add('get', 'show one user in full, with what it is in each team', () => import('./commands/user/get.ts'), user);
  add('create', 'make one user, without a key', () => import('./commands/user/create.ts'), user);
  add('update', 'change just these fields of one user', () => import('./commands/user/update.ts'), user);
  add('delete', 'delete users', () => import('./commands/user/delete.ts'), user).alias('rm');
  add('keys', 'list the keys of a user, across teams', () => import('./commands/user/keys.ts'), user);
  const budget = group('budget', 'limits with a name');
  add('list', 'list budgets', () => import('./commands/budget/list.ts'), budget).alias('ls');
  add('get', 'show one budget in full', () => import('./commands/budget/get.ts'), budget);
  add('create', 'make one budget', () => import('./commands/budget/create.ts'), budget);
  add('update', 'change just these fields of one budget', () => import('./commands/budget/update.ts'), budget);
  add('delete', 'delete budgets that nothing names', () => import('./commands/budget/delete.ts'), budget).alias('rm');
  add('forecast', 'tell who reaches a limit, and when', () => import('./commands/budget/forecast.ts'), budget);

  program.commandsGroup('Secrets on this machine:');
  add('env', 'give a client what it needs to use a key', () => import('./commands/env.ts'));
  add('run', 'run a command with a key of its own', () => import('./commands/run.ts'));
  add('token', "print a key's secret alone, without a server", () => import('./commands/token.ts'));
  add('whoami', 'tell what a key is, may and has spent, by asking with it', () => import('./commands/whoami.ts'));
  add('verify', 'ask servers whether keys work, with the keys themselves', () => import('./commands/verify.ts'));
  add('handout', "write a page, cards and letters for who gets a spec's keys", () => import('./commands/handout.ts'));
  const keyring = group('keyring', 'the secrets that vkeys remembers');
  add('list', 'what is known, without the secrets', () => import('./commands/keyring/list.ts'), keyring);
  add('import', "remember a key's secret that you have", () => import('./commands/keyring/import.ts'), keyring);
  add('forget', 'forget secrets; the keys stay on the server', () => import('./commands/keyring/forget.ts'), keyring);
  add('unlock', 'take the lock of a set away from a run that is gone', () => import('./commands/unlock.ts'));

  program.commandsGroup('The server:');
  add('models', 'list the models that the server offers', () => import('./commands/models.ts'));
  add('doctor', 'check address, database, credential and version', () => import('./commands/doctor.ts'));
  const auth = group('auth', 'where the admin credential comes from');
  add('status', 'which credential is used, and what it may do', () => import('./commands/auth/status.ts'), auth);
  add('login', 'save a connection as a profile', () => import('./commands/auth/login.ts'), auth);
  add('logout', 'end the session and forget the profile', () => import('./commands/auth/logout.ts'), auth);
  add(
    'delegate',
    'make a key with only the routes that vkeys needs',
    () => import('./commands/auth/delegate.ts'),
    auth,
  );
  add('profiles', 'list the saved connections', () => import('./commands/auth/profiles.ts'), auth);
  add('sandbox', 'serve an in-memory LiteLLM on 127.0.0.1 for trying things', () => import('./commands/sandbox.ts'));
  if (hasCompletion) {
    add('completion', 'print the completion script of a shell', () => import('./commands/completion.ts'));
    add('complete', '', () => import('./commands/complete.ts'));
  }
  add('help', 'explain a topic or a command', () => import('./commands/help.ts'));
  const load = async (words: readonly string[]): Promise<void> => {
    for (const [command, loadFlags] of loads)
      if ([command.name(), ...command.aliases()].some((name) => words.includes(name))) await loadFlags();
  };
  return { program, load };
}

/** `apply`, `team update`: as it is called. */
function nameOf(command: CommandUnknownOpts): string {
  const { parent } = command;
  return parent?.parent == null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

async function prepare(console: Console, command: string, { envFile }: Globals): Promise<Console> {
  const named = { ...console, self: { ...console.self, command } };
  const whole = envFile === undefined ? named : await (await import('./env-file.ts')).withEnvFile(named, envFile);
  assertUnquoted(whole.env);
  return whole;
}
