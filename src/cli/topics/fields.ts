import { FIELDS, FIELD_NAMES } from '../../kinds/key.ts';
import { DIFFERENCES } from '../../litellm/differences.ts';
import type { Field } from '../../model/fields.ts';
import { heading, shell, table, text, type Block } from '../../view/page.ts';

const TYPES: Readonly<Record<Field['kind'], string>> = {
  number: 'number',
  integer: 'whole number',
  string: 'text',
  duration: 'duration',
  boolean: 'true or false',
  strings: 'list of texts',
  object: 'mapping',
  objects: 'list of mappings',
};

export function blocks(): readonly Block[] {
  return [
    text(
      "LiteLLM's own names, in a spec and in every output. `null` clears a field; one that is absent is not managed.",
      'Of a field that your version does not have, `plan` says so; it is not sent in the hope that it works.',
    ),
    shell(
      `vkeys create me --max-budget 5 --field 'aliases={"fast": "gpt-4o-mini"}'`,
      'vkeys update me --rpm-limit 10 --unset max_budget',
      'vkeys get me',
    ),
    heading('Fields'),
    text('"from 1.83.0": older versions of LiteLLM drop it. A duration is a number and s, m, h, d, w or mo: `30d`.'),
    table(
      ['field', 'what it is', 'about'],
      FIELD_NAMES.map((name) => [name, TYPES[FIELDS[name].kind], `${FIELDS[name].about}${remarks(FIELDS[name])}`]),
    ),
    heading('Beside the fields'),
    text(
      '`duration`, `expires`, `metadata` and `extra`, which takes a field that is not in this list: `vkeys help spec`.',
    ),
    heading('What older versions of LiteLLM do otherwise'),
    text('`vkeys doctor` tells which of these your server does.'),
    table(
      ['version', 'what it does'],
      DIFFERENCES.map(({ from, before, text: what }) => [
        `${from === undefined ? '' : `from ${from}, `}before ${before}`,
        what,
      ]),
    ),
  ];
}

function remarks({ since, changeableSince, clearableSince, createOnly, togetherWith, licence }: Field): string {
  const all = [
    ...(since === undefined ? [] : [`from ${since}`]),
    ...(changeableSince === undefined ? [] : [`changed from ${changeableSince}`]),
    ...(clearableSince === undefined
      ? []
      : [clearableSince === null ? 'never cleared' : `cleared from ${clearableSince}`]),
    ...(createOnly === true ? ['only at creation'] : []),
    ...(togetherWith === undefined ? [] : [`with ${togetherWith}`]),
    ...(licence === true ? ['needs a licence'] : []),
  ];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}
