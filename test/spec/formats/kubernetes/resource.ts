/** A resource as its YAML: JSON is YAML too. */
import type { JsonObject } from '../../../../src/base/json.ts';

type More = { readonly name?: string; readonly namespace?: string; readonly status?: JsonObject };

export function resource(kind: string, spec: JsonObject, { name = 'a', namespace, status }: More = {}): JsonObject {
  return {
    apiVersion: 'auth.litellm.ai/v1alpha1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec,
    ...(status === undefined ? {} : { status }),
  };
}

/** Documents of a stream, each on a line of its own: the second is in line 3. */
export function stream(...resources: readonly JsonObject[]): string {
  return resources.map((each) => `${JSON.stringify(each)}\n`).join('---\n');
}
