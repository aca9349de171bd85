import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { heading, shell, table, text, type Block } from '../../view/page.ts';
import { subcommandRows } from '../command-page.ts';

export function blocks(program: CommandUnknownOpts): readonly Block[] {
  return [
    text(
      "LiteLLM shows a key's secret once. vkeys makes the secret, and has it in its keyring before the server hears of it:",
      'that is how a run that was cut can finish, how hand-outs are written again, and how your own keys are known by hash.',
    ),
    shell('vkeys create me', 'vkeys keyring list', 'vkeys get me --show-key'),
    heading('Where it is'),
    table(
      ['system', 'folder'],
      [
        ['Linux', '$XDG_STATE_HOME/vkeys, by default ~/.local/state/vkeys'],
        ['macOS', '~/Library/Application Support/vkeys'],
        ['Windows', String.raw`%LOCALAPPDATA%\vkeys\Data`],
      ],
    ),
    text(
      'A file for each server and set, mode 0600 in a folder of mode 0700. One that others could read or write is refused,',
      'with the command that mends it.',
    ),
    heading('Other ways to keep it'),
    table(
      ['--keyring, VKEYS_KEYRING', 'what that does'],
      [
        ['PATH', 'another folder: a volume that two machines share, or one for each platform'],
        ['age:PATH', 'encrypts each secret with age; names, hashes and places stay readable'],
        ['none', 'forgets a secret when it is handed out or printed'],
      ],
    ),
    shell(
      'age-keygen -o identity.txt',
      'export VKEYS_KEYRING=age:keyring VKEYS_AGE_IDENTITY=identity.txt',
      'export VKEYS_AGE_RECIPIENTS="$(age-keygen -y identity.txt)"',
      'vkeys apply -f vkeys.yaml',
      'vkeys keyring list',
    ),
    text(
      'Who has only the recipients can make keys and hand them out; the identity is needed to read them again, and to change a set',
      'that has keys. Keep it elsewhere than the keyring: with one of them nobody has the secrets.',
    ),
    heading('Another machine'),
    text(
      'Run vkeys where its keyring is, or take the keyring along: copy the folder, or let both use one with `--keyring PATH`.',
      'A secret that you have can be remembered here: `vkeys keyring import NAME < FILE`. Without any of it keys and hand-outs stay',
      'as they are, and the plan names those whose secret is not known; to get new ones, delete them and apply again.',
    ),
    heading('What is forgotten'),
    text(
      'The secret of a key that was deleted, or that the server refused to make; and of one that has been missing on the server',
      'for 90 days. A list that comes back empty makes nothing be forgotten. The code under which somebody finds a key in a page',
      'for people (`vkeys help handout`) lasts until the key is forgotten by hand, or the set has no keys.',
    ),
    heading('The history'),
    text(
      'Beside the keyring of each set is what was done to it: when, by whom, with which command, from which spec and commit.',
      'It has no secrets, and stays when keys are gone. Each line has the hash of the line before it, so `vkeys history` tells',
      'where one was changed or taken out. With more than 8 MiB its older half goes. `--keyring none` keeps no history.',
    ),
    shell('vkeys history', 'vkeys history me --server'),
    heading('Locks'),
    text(
      'One run at a time works on a set. A run that is gone is noticed after 30 seconds; if its lock stays all the same,',
      '`vkeys unlock SET` takes it away.',
    ),
    heading('Commands'),
    table(['command', 'about'], subcommandRows(program, 'keyring')),
  ];
}
