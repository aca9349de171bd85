/** Commands of other tools, and where that is here. */
const POINTERS: Readonly<Record<string, string>> = {
  add: 'create',
  new: 'create',
  generate: 'create',
  revoke: 'delete',
  destroy: 'delete -f FILE',
  show: 'get',
  describe: 'get',
  edit: 'update',
  set: 'update',
  sync: 'apply',
  deploy: 'apply',
  lint: 'validate',
  import: 'keyring import',
  forget: 'keyring forget',
  login: 'auth login',
  logout: 'auth logout',
  regenerate: 'rotate',
  renew: 'extend',
  exec: 'run -- CMD',
  profiles: 'auth profiles',
  version: '--version',
};

/** What Commander says of an unknown command, with the one that was meant where another tool calls it so. */
export function pointed(text: string): string {
  return text.replace(
    /(unknown command '([^']*)')(\n\(Did you mean [^\n]*\))?/,
    (whole: string, said: string, word: string) => {
      const meant = Object.hasOwn(POINTERS, word) ? POINTERS[word] : undefined;
      return meant === undefined ? whole : `${said}\n(Did you mean vkeys ${meant}?)`;
    },
  );
}
