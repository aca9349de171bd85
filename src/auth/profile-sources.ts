import type { Secret } from '../base/secret.ts';
import type { AuthKind, Credential, NamedProfile, Ports, Search } from './credential.ts';
import { openshiftSources } from './openshift.ts';
import { fromCommand, fromFile, type CredentialSource, type SourceAnswer } from './sources.ts';

/** What a profile offers of a kind. It may name OpenShift itself, which is as good as asking for it. */
export function profileSources(
  kind: AuthKind,
  { name, profile: { credential }, shared }: NamedProfile,
  search: Search,
  ports: Ports,
): readonly CredentialSource[] {
  const source = `profile ${name}`;
  const wants = (other: AuthKind): boolean => kind === 'auto' || kind === other;
  switch (credential?.kind) {
    case undefined:
      return [];
    case 'key':
      return wants('master-key')
        ? [{ name: source, look: async () => told({ kind: 'master-key', source, secret: credential.key }, shared) }]
        : [];
    case 'file':
      return wants('master-key')
        ? [fromFile('master-key', `${source} (${credential.path})`, credential.path, ports)]
        : [];
    case 'command':
      return wants('master-key') ? [fromCommand('master-key', source, credential.command, ports)] : [];
    case 'openshift':
      return wants('openshift') ? openshiftSources(search, ports, credential.token_file) : [];
    case 'session':
      return wants('login') ? [{ name: source, look: async () => session(source, credential, shared, ports) }] : [];
  }
}

type StoredSession = { readonly key: Secret; readonly expires: string | null };

/** A credential that stands in the file of profiles. */
function told(credential: Credential, shared: NamedProfile['shared']): SourceAnswer {
  if (shared === null) return { credential };
  const notice = `Other users of this machine can read the ${credential.source}: ${STUCK[shared]}`;
  return { credential, notice };
}

const STUCK: Readonly<Record<NonNullable<NamedProfile['shared']>, string>> = {
  disk: 'its disk keeps no modes. Save it anew with --master-key-file or --master-key-command, which keep no key there.',
  lent: "its file is mounted, or another user's. Give it the mode 0400 where it comes from.",
};

function session(
  source: string,
  { key, expires }: StoredSession,
  shared: NamedProfile['shared'],
  { now }: Ports,
): SourceAnswer {
  const over = expires !== null && new Date(expires) <= now();
  if (over) return { state: `its session ended at ${expires}; log in again with \`vkeys auth login\`` };
  return told({ kind: 'login', source, secret: key }, shared);
}
