import { cases, text, type Block } from '../../view/page.ts';

const HEADINGS = ['fault', 'vkeys', 'you'];

/** Each of these has a test that causes it. Where you have nothing to do, nothing is said of it. */
const FAULTS: readonly (readonly [fault: string, does: string, then: string])[] = [
  [
    'it is killed, the power fails',
    'every secret is on the disk before the server hears of it',
    'run the same command again: it finds what landed, and finishes',
  ],
  [
    'Ctrl-C, SIGTERM, SIGHUP, the window is closed',
    'nothing changed yet: ends at once; else finishes what is under way and reports what landed',
    'run it again; a second Ctrl-C drops work, a third ends at once',
  ],
  [
    '429, 503, timeouts, cut connections, a dry database pool',
    'sends less at once, waits and repeats, for as long as others are answered; an unclear creation is looked up by its hash first',
    '',
  ],
  ['the server restarts', 'waits a minute for it, and says so', 'nothing, or run it again when it is back'],
  [
    'unknown host, bad certificate, no TLS',
    'ends at once, with the cause in words',
    'mend the name or the certificate, `--ca-file`, `--url`',
  ],
  [
    'a load balancer or login page answers instead',
    'believes nothing that it has not read back',
    'mend what stands before the server, run it again',
  ],
  [
    'the server ignores a field, or says that it stored what it did not',
    'reads back after writing, and tells it',
    'leave the field out, or change the server',
  ],
  [
    'the list of keys shows less than the server says that it has',
    'refuses what it would conclude from that: a creation, `--prune`, a deletion by pattern or filter',
    'run it again when less is going on there',
  ],
  [
    "a container without a home, or with another user's",
    'reads as always; what keeps a secret says that it needs a folder, before a key is made',
    '`--keyring PATH`, on a volume',
  ],
  [
    'a disk that keeps no modes, a secret that is mounted',
    'tells before it writes that everybody on this machine can read it; refuses a keyring there',
    'another disk',
  ],
  [
    "a key's user is an admin",
    'tells it in the plan: the key would manage the server',
    'another user, or `key_type: llm_api`',
  ],
  [
    '`vkeys run` is killed, or the server is away when its command ends',
    'the key ends by itself (`--ttl`), and the next `vkeys run` deletes it',
    '',
  ],
  ['two runs on one machine, or in two containers on one folder', 'they take turns', ''],
  [
    'a run is killed elsewhere, or sleeps, with a keyring that is shared',
    'after 30 s without a heart-beat the next one takes over; who slept finds that out before it writes, and stops',
    'run it again; if a lock stays all the same: `vkeys unlock SET`',
  ],
  [
    'two machines apply one set at once',
    "of two keys under one alias the older stays; the younger's run takes its own away and says so",
    'run it where the key was made, or delete and apply',
  ],
  [
    'one set of several is refused, or names a model that is not offered',
    'changes nothing in any of them',
    'mend that one',
  ],
  [
    'another server answers at the address, its database was restored',
    'refuses when too many keys have vanished; what is known of them stays, and is told',
    'look at `--url`; `--recreate` makes them there',
  ],
  ['an address has changed, or one server has two', "finds each secret by its key's hash in all your keyrings", ''],
  [
    'a key of somebody else has the name that a spec wants',
    'refuses (exit code 6): a key is yours by the hash of its secret or the mark of its set, never by its alias alone',
    'give yours another name, or take that one over: `--adopt`',
  ],
  [
    'a roster was cut short, keys are gone from the spec',
    'tells what is left over; deletes it only with `--prune`, and more than 30 % only with `--max-deletions`',
    'look at the file; where it is meant, say so',
  ],
  [
    'somebody renames a key, or wipes its mark, in the UI',
    'knows it by its hash, shows that in the plan and takes it back',
    'nothing; renamed in the spec: `previously: OLD`',
  ],
  [
    "somebody changes an encrypted callback's secret in the UI",
    'sees that it was encrypted anew since its own last write, shows that in the plan and takes it back',
    '',
  ],
  ['somebody cleaned up keys that had ended', 'tells it; with `on_expired: recreate` they are made again', 'choose'],
  [
    'the server has many keys of others, or odd ones',
    'asks for yours alone; a row that cannot be read costs that row',
    'nothing; `--scan` reads everything',
  ],
  [
    'reads lag behind writes',
    'asks again for some seconds; makes and prunes nothing meanwhile',
    'nothing, or run it again',
  ],
  [
    'a spec names another server than `LITELLM_BASE_URL`',
    'sends it no credential of the environment',
    '`--url`, or a profile for it',
  ],
  ['clocks differ, or are set meanwhile', "ends of keys are counted by the server's clock; nothing is renewed", ''],
  [
    'the disk is full or read-only',
    'no key is asked for whose secret is not written; hand-outs that fail are told',
    'make room, run it again',
  ],
  ['a hand-out was lost', '`plan` tells it, `apply` writes it again', '`vkeys apply`'],
  [
    'one keyring serves two folders, files of a spec, or machines',
    'each takes back its own hand-outs; those of a deleted key all go, and what another machine still has is told',
    'delete there what it names',
  ],
  [
    'the keyring is on another machine, or lost',
    'keys and hand-outs stay as they are; whose secret is unknown is named',
    'run it there; `vkeys keyring import`; or delete them and apply',
  ],
  ["the keyring's last line is torn", 'it had not counted: goes on behind the last whole line', ''],
  [
    "the keyring is damaged, open to others, another user's, or a link",
    'refuses, with the line or the command that mends it',
    'mend it: `chmod 600 …`',
  ],
  ['the keyring was written by a newer vkeys', 'refuses, with that version', 'update vkeys'],
  ['an expired key holds its alias', 'tells it; with `on_expired: recreate` it is replaced', 'choose'],
  [
    'one spec is applied to two servers',
    'keys and keyrings stay apart; a CSV or JSON has both with their addresses, a `.env` that of the last apply',
    'give each a folder of its own',
  ],
  ['a hand-out is a mount, or its folder is not writable', 'writes it in place, and reads it back', ''],
  [
    'a table comes back from a spreadsheet',
    'keeps its separator, mark, columns and rows; refuses what it does not understand',
    '',
  ],
  ['the reader goes away (`| head -1`)', 'does the work all the same', ''],
];

export function blocks(): readonly Block[] {
  return [
    text(
      'No key without its secret, no secret without its key, whatever is cut: every secret is on the disk before the server',
      'hears of it, and an answer that was lost is looked up, not guessed. Run the same command again, and it goes on where it',
      'stopped. Where nothing is said of you, there is nothing to do.',
    ),
    cases(HEADINGS, FAULTS),
  ];
}
