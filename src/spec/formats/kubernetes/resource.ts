/** One resource of the operator's, checked: what it asks for, what it is called, and where its server is. */
import { isObject, type JsonObject } from '../../../base/json.ts';
import { hold, Secret } from '../../../base/secret.ts';
import { sound } from '../../issues.ts';
import { diagnose, type OnDiagnostic, type Problem } from '../../read/text.ts';
import type { Path } from '../../read/tree.ts';
import type { SpecHome } from '../native.ts';
import type { ResourceKind } from './fields.ts';
import { textIn, type Place, type Raw } from './manifests.ts';
import { resourceSchema, SPECS } from './schema.ts';

export type Resource = {
  readonly kind: ResourceKind;
  readonly name: string;
  /** `null` where the file leaves it to kubectl. */
  readonly namespace: string | null;
  /** What it asks for, without what is empty. */
  readonly spec: JsonObject;
  /** The id that LiteLLM gave it, as the operator has seen it. */
  readonly seenId: string | null;
  /** `namespace/name` of the instance or Secret that it is connected by. */
  readonly connection: string | null;
  readonly isBySecret: boolean;
  /** It is on its way out: only its names, the rest is not looked at. */
  readonly isLeaving: boolean;
  readonly place: Place;
  readonly home: SpecHome;
};

/** `null` where something is wrong, which is reported. */
export function resourceOf({ kind, value, place, home }: Raw, report: OnDiagnostic): Resource | null {
  const { source, path } = place;
  if (textIn(value['metadata'], 'deletionTimestamp') !== null) {
    source.note(diagnose(source.text, source.at([...path, 'metadata', 'deletionTimestamp'], 'name'), LEAVING));
    const spec = isObject(value['spec']) ? value['spec'] : {};
    return { ...namesOf(kind, value, spec), kind, spec, isLeaving: true, place, home };
  }
  let isSound = true;
  const tell: OnDiagnostic = (diagnostic) => {
    isSound = false;
    report(diagnostic);
  };
  const fail = (within: Path, problem: Problem): void =>
    tell(diagnose(source.text, source.at([...path, ...within]), problem));
  const key = textIn(value['spec'], 'key');
  /* The lines around a problem show no secret that is known by then. */
  if (kind === 'VirtualKey' && key !== null) {
    hold(new Secret(key));
    fail(['spec', 'key'], SECRET);
  }
  const whole = sound(resourceSchema, value, path, source, tell);
  const spec = sound(SPECS[kind], value['spec'] ?? {}, [...path, 'spec'], source, tell);
  if (whole !== null && textIn(whole.metadata, 'name') === null) fail(['metadata'], NAMELESS);
  if (!isSound || spec === null) return null;
  return {
    ...namesOf(kind, value, spec),
    kind,
    spec: Object.fromEntries(Object.entries(spec).filter(([, each]) => each !== null && each !== '')),
    isLeaving: false,
    place,
    home,
  };
}

function namesOf(
  kind: ResourceKind,
  { metadata, status }: JsonObject,
  spec: JsonObject,
): Pick<Resource, 'name' | 'namespace' | 'seenId' | 'connection' | 'isBySecret'> {
  const namespace = textIn(metadata, 'namespace');
  return {
    name: textIn(metadata, 'name') ?? '',
    namespace,
    seenId: kind === 'Team' || kind === 'User' ? textIn(status, kind === 'Team' ? 'teamID' : 'userID') : null,
    ...connectionIn(spec, namespace),
  };
}

const SECRET: Problem = {
  rule: 'secret',
  message: 'A spec has no secrets in it, so key cannot be given.',
  hint: 'Take it out: vkeys makes the secret and delivers it.',
};
const NAMELESS: Problem = {
  rule: 'missing',
  message: 'metadata.name is missing.',
  hint: 'Give the resource a name, like metadata: {name: my-key}.',
};
const LEAVING: Problem = {
  rule: 'kubernetes',
  message: 'The resource is being deleted, so it was passed over.',
  hint: 'What of it is on the server stays there, unless --prune is given and its set has another resource here.',
};

/** The namespace where a file does not say one, as kubectl has it. */
export const NAMESPACE = 'default';

/** Which of two sources counts, and where an instance is that is named alone, is as the operator decides it. */
function connectionIn(
  { connectionRef }: JsonObject,
  namespace: string | null,
): Pick<Resource, 'connection' | 'isBySecret'> {
  const { secretRef, instanceRef } = isObject(connectionRef) ? connectionRef : {};
  const own = namespace ?? NAMESPACE;
  const secret = textIn(secretRef, 'name');
  if (secret !== null) return { connection: `${own}/${secret}`, isBySecret: true };
  const instance = textIn(instanceRef, 'name');
  const space = textIn(instanceRef, 'namespace') ?? own;
  return { connection: instance === null ? null : `${space}/${instance}`, isBySecret: false };
}
