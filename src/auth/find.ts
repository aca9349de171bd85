/**
 * Where the admin credential comes from. Flags win over the file that names the server, the file over the environment, the
 * environment over a profile, as with gh and aws (`--profile` is a flag, VKEYS_PROFILE is not), and keys over passwords; the
 * first source that has one is used and no later one is touched.
 */
import { VkeysError } from '../base/errors.ts';
import { hold, Secret } from '../base/secret.ts';
import { didYouMean } from '../base/suggest.ts';
import { variable } from '../base/variables.ts';
import {
  AUTH_KINDS,
  type AuthKind,
  type ChosenCredential,
  type CredentialOfFile,
  type Looked,
  type Ports,
  type Search,
} from './credential.ts';
import { openshiftSources } from './openshift.ts';
import { profileSources } from './profile-sources.ts';
import {
  fromCommand,
  fromFile,
  fromFlag,
  fromStdin,
  fromVariable,
  type SourceAnswer,
  type CredentialSource,
} from './sources.ts';

const VARIABLES = ['LITELLM_MASTER_KEY', 'LITELLM_MASTER_API_KEY', 'LITELLM_PROXY_API_KEY'] as const;

/**
 * Looks for a credential. Throws `NoCredential` when there is none, with every source that was looked at; and `auth`, `config` or `usage` for a source that was named but cannot be used.
 */
export async function findCredential(search: Search, ports: Ports): Promise<ChosenCredential> {
  const looked: Looked[] = [];
  for (const { name, look } of sourcesOf(kindOf(search, ports), search, ports)) {
    const answer = await look();
    if ('credential' in answer) {
      const { credential, notice } = answer;
      looked.push({ source: name, state: 'used' });
      return { credential, looked, notices: notice === undefined ? [] : [notice] };
    }
    looked.push({ source: name, state: answer.state });
  }
  throw nothingFound(kindOf(search, ports), [...looked, ...clientKeys(ports)]);
}

/** Where programs that use models have their keys. */
const CLIENTS = ['LITELLM_API_KEY', 'LITELLM_KEY', 'OPENAI_API_KEY'] as const;

/** Such a key is used only by who says that it is an admin's, or what one job may do would depend on another one's variables. */
function clientKeys({ env }: Ports): readonly Looked[] {
  return CLIENTS.filter((name) => variable(env, name) !== undefined).map((source) => ({
    source,
    state: `set, but it is where a key for models is. If this one is an admin's: LITELLM_MASTER_KEY="$${source}"`,
  }));
}

function kindOf({ auth }: Search, { env }: Ports): AuthKind {
  const asked = auth ?? variable(env, 'VKEYS_AUTH') ?? '';
  const kind = asked === '' ? 'auto' : AUTH_KINDS.find((known) => known === asked);
  if (kind !== undefined) return kind;
  throw new VkeysError(
    'usage',
    `VKEYS_AUTH is ${asked}.${didYouMean(asked, AUTH_KINDS)}`,
    `It is one of ${AUTH_KINDS.join(', ')}.`,
  );
}

function sourcesOf(kind: AuthKind, search: Search, ports: Ports): readonly CredentialSource[] {
  const profile = search.profile === null ? [] : profileSources(kind, search.profile, search, ports);
  const asked = search.profile?.asked === true;
  const file = search.file == null ? [] : fileSources(kind, search.file, search, ports);
  switch (kind) {
    case 'auto':
      return [
        ...keyFlags(search, ports),
        ...(search.openshiftTokenFile === undefined ? [] : openshiftSources(search, ports)),
        ...(search.username === undefined ? [] : [passwordSource(search, ports)]),
        ...(asked ? profile : []),
        ...file,
        ...VARIABLES.map((name) => fromVariable('master-key', name, ports)),
        ...(search.username === undefined ? [passwordSource(search, ports)] : []),
        ...(asked ? [] : profile),
      ];
    case 'master-key': {
      const variables = VARIABLES.map((name) => fromVariable('master-key', name, ports));
      const flags = keyFlags(search, ports);
      return asked ? [...flags, ...profile, ...file, ...variables] : [...flags, ...file, ...variables, ...profile];
    }
    case 'openshift':
      return [...file, ...(profile.length > 0 ? profile : openshiftSources(search, ports))];
    case 'login': {
      const password = passwordSource(search, ports);
      if (search.username !== undefined) return [password, ...profile];
      return asked ? [...profile, ...file, password] : [...file, password, ...profile];
    }
  }
}

function keyFlags(search: Search, ports: Ports): readonly CredentialSource[] {
  const kind = 'master-key';
  const { masterKey, masterKeyFile: file, masterKeyCommand: command } = search;
  return [
    ...(masterKey === undefined ? [] : [fromFlag(kind, '--master-key', masterKey)]),
    ...(file === undefined ? [] : [fromFile(kind, `--master-key-file ${file}`, file, ports)]),
    ...(search.masterKeyStdin === true ? [fromStdin(kind, '--master-key-stdin', ports)] : []),
    ...(command === undefined ? [] : [fromCommand(kind, '--master-key-command', command, ports)]),
  ];
}

/** What the file that names the server offers of a kind. */
function fileSources(
  kind: AuthKind,
  credential: CredentialOfFile,
  search: Search,
  ports: Ports,
): readonly CredentialSource[] {
  const { source } = credential;
  if (credential.kind === 'other')
    return [{ name: source, look: async () => ({ state: `only for ${credential.url}, which the same file names` }) }];
  const own = credential.kind === 'cluster' ? 'openshift' : credential.kind === 'password' ? 'login' : credential.kind;
  if (kind !== 'auto' && kind !== own) return [];
  return credential.kind === 'cluster'
    ? openshiftSources(search, ports)
    : [{ name: source, look: async () => ({ credential }) }];
}

/** The password never comes by flag, where everybody on the machine could read it. */
function passwordSource({ username: flag }: Search, { env }: Ports): CredentialSource {
  const name = flag === undefined ? 'LITELLM_USERNAME and LITELLM_PASSWORD' : '--username and LITELLM_PASSWORD';
  const look = async (): Promise<SourceAnswer> => {
    const username = flag ?? variable(env, 'LITELLM_USERNAME') ?? '';
    const password = variable(env, 'LITELLM_PASSWORD') ?? '';
    if (username !== '' && password !== '') {
      return { credential: { kind: 'password', source: name, username, password: hold(new Secret(password)) } };
    }
    if (flag !== undefined) {
      throw new VkeysError(
        'auth',
        '--username is given, but LITELLM_PASSWORD is not set.',
        'Set LITELLM_PASSWORD, or save a session with `vkeys auth login`, which asks for the password.',
      );
    }
    return {
      state:
        username === '' && password === ''
          ? 'not set'
          : `only LITELLM_${username === '' ? 'PASSWORD' : 'USERNAME'} is set`,
    };
  };
  return { name, look };
}

/** No source has a credential. */
export class NoCredential extends VkeysError {
  /** What was looked for. */
  readonly sought: AuthKind;

  constructor(message: string, hint: string, looked: readonly Looked[], sought: AuthKind) {
    super('auth', message, hint, { facts: { looked } });
    this.sought = sought;
  }
}

function nothingFound(kind: AuthKind, looked: readonly Looked[]): NoCredential {
  const hints = {
    auto: 'Set LITELLM_MASTER_KEY, give --master-key-file PATH, or save a connection with `vkeys auth login`.',
    'master-key': 'Set LITELLM_MASTER_KEY, or give --master-key-file PATH or --master-key-command "pass show litellm".',
    openshift: 'Log in with `oc login`, set LITELLM_OPENSHIFT_TOKEN, or give --openshift-token-file PATH.',
    login: 'Set LITELLM_USERNAME and LITELLM_PASSWORD, or save a session with `vkeys auth login`.',
  } as const satisfies Record<AuthKind, string>;
  const list = looked.map(({ source, state }) => `\n  ${source}: ${state}`).join('');
  return new NoCredential(`There is no credential for the server. Looked at:${list}`, hints[kind], looked, kind);
}
