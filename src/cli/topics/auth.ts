import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { VARIABLES } from '../../base/variables.ts';
import { heading, shell, table, text, type Block } from '../../view/page.ts';
import { optionRows, subcommandRows } from '../command-page.ts';

export function blocks(program: CommandUnknownOpts): readonly Block[] {
  return [
    text(
      'LiteLLM has no lesser right for keys of others: it takes the master key, or the key of a user who is proxy_admin.',
      'A flag wins over the environment, and the environment over a profile, as with gh and aws: `--profile` is a flag,',
      'VKEYS_PROFILE only says which profile is asked last. `vkeys auth status` tells which one is used, and what was looked at.',
    ),
    shell(
      'vkeys auth status',
      'vkeys list --master-key-file master.key',
      'vkeys list --master-key-command "pass show litellm"',
      'pass show litellm | vkeys list --master-key-stdin',
    ),
    heading('Flags'),
    table(['flag', 'about'], optionRows(program, 'Credential:')),
    heading('Variables'),
    table(
      ['variable', 'about'],
      Object.entries(VARIABLES).flatMap(([name, { about, group }]) => (group === 'credential' ? [[name, about]] : [])),
    ),
    heading('Profiles'),
    text(
      'A profile is an address and the way to its credential: a file, a command, a session, OpenShift, or the key itself,',
      "which then lies in vkeys' folder, readable for you alone. It goes to that address and to no other.",
    ),
    shell(
      'vkeys auth login --profile work --url https://litellm.example.com --master-key-command "pass show litellm"',
      'vkeys auth profiles --use work # from now on, where no variable says otherwise',
      'vkeys list --profile work',
      'vkeys auth logout --profile work',
    ),
    table(['command', 'about'], subcommandRows(program, 'auth')),
    heading('A least credential'),
    text(
      'A pipeline needs no master key. `vkeys auth delegate --name ci --user ADMIN` makes the key of a proxy_admin that may call the routes that',
      'vkeys asks, and no others, and that ends: no models, no settings of the server. It can make keys, also ones that may do more,',
      'so keep it as you keep the master key. Servers before LiteLLM 1.77 hold no key to its routes: there none is made.',
      '`vkeys auth status` tells how much more than that a credential may do.',
    ),
    heading('User and password'),
    text(
      'With LITELLM_USERNAME and LITELLM_PASSWORD each command logs in as the UI does, and out again at its end.',
      '`vkeys auth login --username NAME` asks for the password and saves the session, which the server lets live for a day;',
      'the password is never stored.',
    ),
    heading("An Ansible role's file"),
    text(
      'Its `litellm_vkey_master_key` and the like come before the environment, and go only to the server that the same file names.',
    ),
    heading('OpenShift'),
    text(
      'A cluster token is sent only when somebody asks for it: `--auth openshift`, VKEYS_AUTH=openshift or a profile. It is',
      "that of `--openshift-token-file`, LITELLM_OPENSHIFT_TOKEN, `oc whoami -t`, or the pod's service account.",
    ),
    heading('A spec that names a server'),
    text(
      'Whoever writes a spec must not have your credential sent elsewhere: where `server.url` is another address than that',
      'of the environment, say that it is meant: `--url`, a profile for it, or `--master-key-file`.',
    ),
  ];
}
