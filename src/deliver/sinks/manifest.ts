/**
 * A Secret as a file of YAML, for a repository in which it is sealed or encrypted. What others have in the file stays, but
 * for its comments.
 */
import { VkeysError } from '../../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../../base/json.ts';
import { DATA_NAME, nameFault } from '../../encode/kubernetes-name.ts';
import { readYaml } from '../../encode/read-yaml.ts';
import { yamlText } from '../../encode/yaml.ts';
import type { TextFormat } from '../format.ts';
import { fillAll, namesFor, type Addressee } from '../handout.ts';
import { isNote, notedKey, noteName, noteOf } from '../kubernetes/key-note.ts';
import { MANAGED_BY, metadataFor, secretParts, typeFor } from '../kubernetes/parts.ts';
import { objectIn, textsIn } from '../kubernetes/members.ts';
import { notOurs } from '../not-ours.ts';
import type { Part } from '../sink.ts';
import { detailOf, heldAmong, leavingAmong, renamedAmong, valuesFor, type Values } from '../variables.ts';

const HEAD = '# A secret in clear: seal or encrypt it (kubeseal, sops) before it is committed.\n';

export const manifest: TextFormat = {
  detail: (part) => {
    metadataFor([part]);
    metadataIn([part]);
    return detailOf(part, DATA_NAME);
  },
  put: (text, parts) => Promise.resolve(withKeys(read(text), parts)),
  held: (text, key_ids) => Promise.resolve(heldAmong(valuesOf(read(text)), key_ids)),
  remove: (text, left) => {
    const before = read(text);
    const leaving = leavingAmong(valuesOf(before), left);
    if (leaving.size === 0) return Promise.resolve(text);
    const after = without(before, leaving);
    return Promise.resolve(valuesOf(after).size === 0 ? null : write(noted(after)));
  },
};

function withKeys(before: JsonObject, parts: readonly Part[]): string {
  const values = valuesFor(parts, DATA_NAME);
  const { labels, annotations } = metadataFor(parts);
  const identity = metadataIn(parts);
  const names = objectIn(before, 'metadata');
  for (const [member, text] of Object.entries(identity)) {
    if ((names[member] ?? text) !== text) throw notOurs(`has another ${member}`);
  }
  const type = typeFor(parts);
  const kept = without(before, new Set([...values.keys(), ...renamedAmong(valuesOf(before), parts, DATA_NAME)]));
  const notes = Object.fromEntries(parts.map(({ key }) => [noteName(key), noteOf(key)]));
  const after = {
    apiVersion: 'v1',
    kind: 'Secret',
    ...kept,
    metadata: {
      ...names,
      ...identity,
      labels: { ...objectIn(names, 'labels'), ...MANAGED_BY, ...labels },
      annotations: { ...objectIn(names, 'annotations'), ...annotations, ...notes },
    },
    ...(type === undefined ? {} : { type }),
    stringData: { ...objectIn(kept, 'stringData'), ...Object.fromEntries(values) },
  };
  return write(noted(after));
}

/** The name and namespace of the Secret. Throws `delivery` for what is none in Kubernetes. */
function metadataIn(parts: readonly Part<Addressee>[]): { readonly name: string; readonly namespace?: string } {
  const [part] = parts;
  if (part === undefined) throw new Error('a part for each spot');
  const { key, to } = part;
  const filled = (template: string): string => fillAll(template, namesFor(key, to), key.key_alias);
  const { name: nameTemplate, namespace: namespaceTemplate } = secretParts(part);
  const name = filled(nameTemplate);
  const namespace = namespaceTemplate === undefined ? undefined : filled(namespaceTemplate);
  const fault = nameFault('Secret', name) ?? (namespace === undefined ? null : nameFault('namespace', namespace));
  if (fault !== null) throw new VkeysError('delivery', fault.message, fault.hint);
  return namespace === undefined ? { name } : { name, namespace };
}

/** Without the notes of keys that are not there. */
function noted(secret: JsonObject): JsonObject {
  const metadata = objectIn(secret, 'metadata');
  const values = valuesOf(secret);
  const isThere = (text: Json): boolean => {
    const key_id = typeof text === 'string' ? notedKey(text) : null;
    return key_id !== null && heldAmong(values, new Set([key_id])).size > 0;
  };
  const annotations = Object.entries(objectIn(metadata, 'annotations'));
  const kept = annotations.filter(([name, text]) => !isNote(name) || isThere(text));
  return { ...secret, metadata: { ...metadata, annotations: Object.fromEntries(kept) } };
}

function without(secret: JsonObject, names: ReadonlySet<string>): JsonObject {
  const members = (['data', 'stringData'] as const).flatMap((member) => {
    const rest = Object.entries(objectIn(secret, member)).filter(([name]) => !names.has(name));
    return secret[member] === undefined ? [] : [[member, Object.fromEntries(rest)]];
  });
  return { ...secret, ...Object.fromEntries(members) };
}

/** What it holds, decoded; of two of one name the API server takes that of `stringData`. */
function valuesOf(secret: JsonObject): Values {
  const decoded = Object.entries(textsIn(secret, 'data')).map(
    ([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')] as const,
  );
  return new Map([...decoded, ...Object.entries(textsIn(secret, 'stringData'))]);
}

function read(text: string | null): JsonObject {
  if (text === null || text.trim() === '') return {};
  const found = readYaml(text);
  const value = 'value' in found ? found.value : null;
  if (!isObject(value) || value['kind'] !== 'Secret') throw notOurs('is no Secret of one document');
  if (value['sops'] !== undefined) throw notOurs('was encrypted by sops');
  return value;
}

function write(secret: JsonObject): string {
  return HEAD + yamlText(secret);
}
