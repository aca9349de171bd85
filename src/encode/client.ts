/** What is known of one client of a gateway, as data: rendering, writing and checking are elsewhere. */
import type { Variable } from '../base/variables.ts';

/**
 * A member of a client's file. Texts, and the names of members, are templates in the words of a delivery: `{key}`,
 * `{api_base_url}` with `/v1`, `{api_endpoint}` without it; and `{model}`, `{small_model}`. What has a word without a value is left
 * out. `null`: it is to be no member. An object in a list is known by its `name`; any other list is one value.
 */
export type Template = string | number | boolean | null | readonly Template[] | Templates;
export type Templates = { readonly [name: string]: Template };

export type FileFormat = 'json' | 'toml' | 'yaml' | 'dotenv';

/** A file of the client's own, and the members in it that are ours. */
export type ClientFile = {
  /** Below the user's home (`~/`), or the current folder. */
  readonly path: string;
  /** Variables of the client's that say another place, and what is to follow them; the first that is set counts. */
  readonly moved?: readonly { readonly by: Variable; readonly to: string }[];
  readonly format: FileFormat;
  readonly members: Templates;
  /** Names of members that are a person's own once they are there: a value stays, and a list gets only what it lacks. */
  readonly kept?: readonly string[];
};

export type ClientFacts = {
  readonly variables: Readonly<Record<string, string>>;
  /** What it wants in a file beside the variables: no key is in it. */
  readonly settings?: ClientFile;
  /** The file that may have the key, in place of the environment. */
  readonly secrets?: ClientFile;
  /** The file in which it is told a program that prints the key, in place of both. */
  readonly asking?: ClientFile;
  /** What a person has to know or to do beside. */
  readonly note?: string;
  /** A route that it asks for, and the first tested version of LiteLLM that has it. */
  readonly route?: { readonly path: string; readonly since: string };
  /** Where these facts are from. */
  readonly source: string;
};
