import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { VARIABLES, type Variable } from '../../base/variables.ts';
import { heading, shell, table, text, type Block } from '../../view/page.ts';

type Group = (typeof VARIABLES)[Variable]['group'];

const GROUPS: Readonly<Record<Group, string>> = {
  server: 'The server',
  credential: 'The credential',
  keyring: 'The keyring',
  spec: 'The specs, and single keys',
  delivery: 'Deliveries',
  output: 'The output',
  history: 'Who ran it, for `vkeys history`',
  network: 'The network',
  place: 'Files of clients',
  vault: 'Vault and OpenBao, for deliveries to them',
  client: 'For programs that use models: noticed, and used by whoami alone',
};

export function blocks(program: CommandUnknownOpts): readonly Block[] {
  return [
    text(
      'Flags win over variables, and variables over the current profile. A variable that is empty is as one that is not set.',
      ' `--env-file FILE` reads more of them from a file; what is set already wins.',
    ),
    shell(
      'export LITELLM_BASE_URL=https://litellm.example.com',
      'export LITELLM_MASTER_KEY="$(cat master.key)"',
      'vkeys doctor',
      'vkeys list --env-file litellm.env',
    ),
    ...Object.entries(GROUPS).flatMap(([group, title]) => [
      heading(title),
      table(
        ['variable', 'flag', 'about'],
        Object.entries(VARIABLES)
          .filter(([, each]) => each.group === group)
          .map(([name, { about }]) => [name, flagFor(name, program), about]),
      ),
    ]),
    heading('In a spec'),
    text(
      'Texts of a spec may have `${NAME}` of any variable, and `${NAME:-default}`. What came from one is (secret) in plans',
      'and reports where a field is open, like metadata.',
    ),
  ];
}

/** The flag whose help names the variable: it says the same, and wins. */
function flagFor(name: string, program: CommandUnknownOpts): string {
  const words = new RegExp(String.raw`\b${name}\b`);
  return program.options.find(({ description }) => words.test(description))?.long ?? '';
}
