import { readdir } from 'node:fs/promises';
import { isErrno } from '../base/files.ts';
import { fill, patternOf, placeholdersOf } from '../base/template.ts';

/** The paths that the template may stand for, as far as they are there. */
export async function pathsLike(template: string, namesIn: Listing): Promise<readonly string[]> {
  const [root = '', ...steps] = template.split(/(?=[/\\])/);
  let paths: readonly string[] = root.startsWith('/') ? [''] : [fill(root, {})];
  for (const step of root.startsWith('/') ? [root, ...steps] : steps) {
    const [separator, name] = [step.slice(0, 1), step.slice(1)];
    if (placeholdersOf(name).length === 0) {
      paths = paths.map((path) => path + separator + fill(name, {}));
      continue;
    }
    const pattern = patternOf(name);
    const found = await Promise.all(paths.map(async (path) => ({ path, names: await namesIn(path + separator) })));
    paths = found.flatMap(({ path, names }) =>
      names.filter((each) => pattern.test(each)).map((each) => path + separator + each),
    );
  }
  return paths;
}

/** What is in a folder: found out once for each. */
export type Listing = (folder: string) => Promise<readonly string[]>;

export function makeListing(): Listing {
  const known = new Map<string, Promise<readonly string[]>>();
  return (folder) => {
    const names = known.get(folder) ?? listed(folder);
    known.set(folder, names);
    return names;
  };
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  }
}
