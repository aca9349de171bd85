/** Where secrets go, as the spec says it. */
import { placeholdersOf } from '../base/template.ts';

/** NAME → template of its value; both may have placeholders. */
export type Variables = Readonly<Record<string, string>>;

/** `{…}` in paths, names and values are placeholders. */
export type Delivery = Common & Content;

/** What a sink is told of its own. */
export type Content =
  | DotenvDelivery
  | JsonDelivery
  | CsvDelivery
  | TextDelivery
  | KubernetesDelivery
  | ManifestDelivery
  | VaultDelivery
  | AgeDelivery
  | CommandDelivery
  | KeychainDelivery;

type Common = {
  /** What tells its places apart: for files their absolute path. */
  readonly path: string;
  /** The server's address, for who gets it, where that is another one than ours. */
  readonly address?: string;
  /** The absolute path of the file that asks for it; none for stdin. */
  readonly spec?: string;
  /** Of its variables those that a key does without, if it does not have what they name: those of a client. */
  readonly optional?: readonly string[];
};

export type DotenvDelivery = { readonly to: 'dotenv'; readonly variables: Variables };

/** `variables`: one flat object of them; without, a list of keys. */
export type JsonDelivery = { readonly to: 'json'; readonly variables?: Variables };

/** `mark`: the byte order mark by which spreadsheets know UTF-8; without, where it is needed. */
export type CsvDelivery = {
  readonly to: 'csv';
  readonly columns?: readonly string[];
  readonly separator?: Separator;
  readonly mark?: boolean;
};
export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** `template`: the text of the file for one key. */
export type TextDelivery = { readonly to: 'text'; readonly template: string };

/** A Secret of a cluster. `variables` are its data. */
export type KubernetesDelivery = SecretParts & {
  readonly to: 'kubernetes';
  /** Of the kubeconfig; without, the current one, or the pod's own cluster. */
  readonly context?: string;
  /** Workloads that start anew when the data have changed: `deployment/NAME`. */
  readonly rollout?: readonly string[];
  /** Whether what other field managers have of ours is taken over. */
  readonly force?: boolean;
};

/** The same as a file of YAML. */
export type ManifestDelivery = SecretParts & { readonly to: 'manifest' };

export type SecretParts = {
  /** Without, that of the context. */
  readonly namespace?: string;
  readonly name: string;
  readonly variables: Variables;
  readonly labels?: Variables;
  readonly annotations?: Variables;
  /** Fixed when the Secret is made. */
  readonly type?: string;
};

/** `secret`: `MOUNT/data/NAME`, as the API of its engine (KV version 2) calls it. */
export type VaultDelivery = {
  readonly to: 'vault';
  readonly variables: Variables;
  readonly secret: string;
  readonly vault: VaultServer;
};

/** A HashiCorp Vault or OpenBao, and how to log in there; what is not said comes from the environment. */
export type VaultServer = {
  readonly address?: string;
  /** `a/b`, without slashes around it. */
  readonly namespace?: string;
  /** The absolute path of a file. */
  readonly token_file?: string;
  /** With the token of the pod's service account. `mount`: where that way of logging in is. */
  readonly kubernetes?: { readonly role: string; readonly mount: string };
};

/**
 * A file for one key, with its variables or its text, that the recipients alone can read: each of the templates becomes
 * one or more. `armor`: as ASCII.
 */
export type AgeDelivery = {
  readonly to: 'age';
  readonly recipients: readonly string[];
  readonly armor: boolean;
} & ({ readonly variables: Variables } | { readonly template: string });

/** A program and its arguments, templates: no shell is between. */
export type Argv = readonly string[];

/** Programs that put the secret, look for it and take it away. None of their arguments has the secret. */
export type CommandDelivery = {
  readonly to: 'command';
  readonly run: Argv;
  /** Instead of `run`, where `check` says that there is nothing. */
  readonly create?: Argv;
  /** Prints what is there, or ends with 0 where something is. */
  readonly check?: Argv;
  /** What `check` says on its stderr where there is nothing; without, every failure of it says so. */
  readonly missing?: string;
  readonly remove?: Argv;
  /** What the program reads: this template, or the variables. */
  readonly stdin?: string;
  readonly variables?: Variables;
  /** How variables are written, and values in the template: as they are, or as the text of JSON. */
  readonly format?: CommandFormat;
  /** Where the program reads it, if not from its stdin. */
  readonly fd?: 3;
  readonly env?: Variables;
  /** Milliseconds for each run of a program. */
  readonly timeout?: number;
  /** In which they run. */
  readonly folder: string;
};
export const COMMAND_FORMATS = ['dotenv', 'json'] as const;
export type CommandFormat = (typeof COMMAND_FORMATS)[number];

/** An entry of the desktop's key store. */
export type KeychainDelivery = { readonly to: 'keychain'; readonly service: string; readonly account: string };

/** The variables of a delivery that has some. */
export function variablesOf(delivery: Delivery): Variables | null {
  return 'variables' in delivery ? (delivery.variables ?? null) : null;
}

/** Whether a delivery says the code of a person's hand-out. */
export function saysCode(delivery: Delivery): boolean {
  const columns = delivery.to === 'csv' ? (delivery.columns ?? []) : [];
  const names = [...columns, ...templatesOf(delivery).flatMap(placeholdersOf)];
  return names.some((name) => name === 'code' || name === 'seat');
}

/** Every template of a delivery but its path, names of variables included. */
export function templatesOf(delivery: Delivery): readonly string[] {
  const variables = Object.entries(variablesOf(delivery) ?? {}).flat();
  const recipients = delivery.to === 'age' ? delivery.recipients : [];
  const texts = 'template' in delivery ? [delivery.template] : variables;
  if (delivery.to === 'command') {
    const { stdin, env = {} } = delivery;
    return [...variables, ...(stdin === undefined ? [] : [stdin]), ...Object.values(env), ...argumentsOf(delivery)];
  }
  if (!isSecret(delivery)) return [...texts, ...recipients];
  const { labels = {}, annotations = {} } = delivery;
  const rollout = delivery.to === 'kubernetes' ? (delivery.rollout ?? []) : [];
  return [...variables, ...Object.values(labels), ...Object.values(annotations), ...rollout];
}

/** Every argument of a command's programs, and their names. */
export function argumentsOf({ run, create = [], check = [], remove = [] }: CommandDelivery): readonly string[] {
  return [...run, ...create, ...check, ...remove];
}

/** Whether it is a Secret of Kubernetes, in a cluster or as a file. */
export function isSecret(delivery: Delivery): delivery is Delivery & (KubernetesDelivery | ManifestDelivery) {
  return delivery.to === 'kubernetes' || delivery.to === 'manifest';
}
