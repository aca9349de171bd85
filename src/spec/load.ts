/** Files → specs: the entry of this folder. */
import { basename, dirname, extname, resolve } from 'node:path';
import type { Rule } from '../model/rules.ts';
import type { Diagnostic, Spec } from '../model/spec.ts';
import { givenDeliveries } from './deliveries/list.ts';
import { partsOf } from './formats/ansible/parts.ts';
import { isOfAnsible } from './formats/ansible/relevant.ts';
import { isOfKubernetes, type Manifest } from './formats/kubernetes/manifests.ts';
import { partsOf as partsOfResources } from './formats/kubernetes/parts.ts';
import { readPart, type SpecHome, type SpecPart } from './formats/native.ts';
import { readInput, type FileIo } from './input-documents.ts';
import { inputsOf, reportEmpty, type Input } from './inputs.ts';
import { isOfRules, isOwn, isSpec } from './recognise.ts';
import { rulesOf } from './rules/document.ts';
import { holdParts } from './rules/hold.ts';
import type { RuleAt } from './rules/read.ts';
import { fullAllowance, type Allowance } from './allowance.ts';
import { joinSets, type FieldOrigins } from './sets.ts';
import { diagnose, type OnDiagnostic, type Text } from './read/text.ts';
import type { TreeDocument } from './read/tree.ts';
import { readTree } from './read/value.ts';

/** What reading specs needs of the world. */
export type SpecIo = FileIo & {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `--deliver` was given. */
  readonly deliver?: readonly string[] | undefined;
  /** Whether folders are read with the folders in them. */
  readonly isDeep?: boolean;
  /** A file of rules that hold for all specs. */
  readonly rulesFile?: string | null;
  /** The moment at which keys have to keep to the rules; they do not have to without it. */
  readonly heldAt?: Date;
};

/** `notices`: what is worth saying of the files and no problem. */
export type Loaded = {
  readonly specs: readonly Spec[];
  /** Those of the specs, and of files that have nothing else. */
  readonly rules: readonly Rule[];
  readonly fieldAt: FieldOrigins;
  readonly diagnostics: readonly Diagnostic[];
  readonly notices: readonly Diagnostic[];
};

type Sound = Pick<Loaded, 'specs' | 'rules' | 'fieldAt'>;

const NOTHING: Sound = { specs: [], rules: [], fieldAt: () => null };

/** Nobody reads more; a short text can have millions. */
const MOST_PROBLEMS = 1000;

/**
 * Reads files, folders (their specs, in the order of their names) and `-` for stdin. Every problem of every file is a
 * diagnostic; while there is one, there are no specs.
 */
export async function loadSpecs(files: readonly string[], io: SpecIo): Promise<Loaded> {
  const [found, noted] = [new Map<string, Diagnostic>(), new Map<string, Diagnostic>()];
  const enough = new Error('enough');
  let told = 0;
  const report: OnDiagnostic = (diagnostic) => {
    found.set(idOf(diagnostic), diagnostic);
    told += 1;
    if (told === MOST_PROBLEMS) throw enough;
  };
  const note: OnDiagnostic = (diagnostic) => noted.set(idOf(diagnostic), diagnostic);
  let loaded: Sound = NOTHING;
  try {
    loaded = await read(files, io, { report, note });
  } catch (error) {
    if (error !== enough) throw error;
  }
  const diagnostics = inOrder(withoutEchoes([...found.values()]));
  const sound = diagnostics.length > 0 ? NOTHING : loaded;
  return { ...sound, diagnostics, notices: [...noted.values()] };
}

const UNREAD = new Set(['yaml', 'number', 'environment']);

/** What could not be read is no value, which is not a second problem of the same place. */
function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const placeIn = ({ origin }: Diagnostic): string => JSON.stringify(origin);
  const unread = new Set(diagnostics.filter(({ rule }) => UNREAD.has(rule)).map(placeIn));
  return diagnostics.filter((each) => each.rule !== 'type' || !unread.has(placeIn(each)));
}

function idOf({ origin, message }: Diagnostic): string {
  return JSON.stringify([origin, message]);
}

/** Who hears of problems, and of what is worth saying. */
type Hearers = { readonly report: OnDiagnostic; readonly note: OnDiagnostic };

async function read(files: readonly string[], io: SpecIo, hearers: Hearers): Promise<Sound> {
  const { report, note } = hearers;
  const allowance = fullAllowance();
  const parts: SpecPart[] = [];
  const general: RuleAt[] = [];
  const rulesFile: Input | null = io.rulesFile == null ? null : { file: io.rulesFile, folder: null };
  const inputs = await inputsOf(files, { cwd: io.cwd, isDeep: io.isDeep === true }, rulesFile, report);
  const having = new Set<string | null>();
  /* A resource may be about others, in whichever file they are. */
  const manifests: Manifest[] = [];
  for (const input of inputs) {
    const { text, documents } = await readInput(input, io, report);
    if (input.folder !== null && documents !== null && !documents.some(isSpec)) {
      const problem = {
        rule: 'file',
        message: 'This is no spec, so it was passed over.',
        hint: 'A spec has keys: in it.',
      };
      if (!documents.some(isOwn)) note(diagnose(text, text.origin(0), problem));
      continue;
    }
    having.add(input.folder);
    for (const document of documents ?? []) {
      if (input === rulesFile || isOfRules(document)) general.push(...rulesOf(document, text, io.env, hearers));
      else if (isOfKubernetes(document)) manifests.push({ document, text, home: homeOf(input, io) });
      else for (const part of await partsIn(document, text, input, io, allowance, hearers)) parts.push(part);
    }
  }
  for (const folder of new Set(inputs.map((input) => input.folder)))
    if (!having.has(folder)) reportEmpty(String(folder), report);
  parts.push(...(await partsOfResources(manifests, allowance, hearers)));
  const given = await givenDeliveries(io.deliver ?? [], io, report, note);
  const joined = await joinSets(parts, given, allowance, report);
  if (io.heldAt !== undefined) holdParts(parts, general, io.heldAt, report);
  const rules = [...general, ...parts.flatMap((part) => part.rules)].map(({ text: _text, ...rule }) => rule);
  return { ...joined, rules };
}

/** By file, in the order in which files had their first problem, and by place. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ origin }) => origin.file))];
  return diagnostics.toSorted(
    ({ origin: a }, { origin: b }) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

async function partsIn(
  document: TreeDocument,
  text: Text,
  input: Input,
  { cwd, env }: SpecIo,
  allowance: Allowance,
  { report, note }: Hearers,
): Promise<readonly SpecPart[]> {
  const { file } = input;
  const home = homeOf(input, { cwd });
  if (isOfAnsible(document))
    return partsOf(document, { text, file: file === '-' ? null : file, home, env, allowance, report, note });
  const source = readTree(document, text, env, report, note);
  const part = source === null ? null : await readPart(source, home, allowance, report);
  return part === null ? [] : [part];
}

function homeOf({ file }: Input, { cwd }: Pick<SpecIo, 'cwd'>): SpecHome {
  if (file === '-') return { name: null, folder: cwd, file: null };
  const path = resolve(cwd, file);
  return { name: basename(file, extname(file)), folder: dirname(path), file: path };
}
