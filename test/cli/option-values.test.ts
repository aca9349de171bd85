/** What people read first: help, version, the words of a mistake. */
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome } from '../support/run.ts';

describe('vkeys', () => {
  it('alone prints its help, with the commands first', async () => {
    const { code, stdout } = await makeHome().vkeys([]);
    expect(code).toBe(0);
    expect(stdout.split('\n\n')[2]).toMatchInlineSnapshot(`
      "Keys from a spec:
        apply                           make the keys what the spec says
        plan                            show what apply would change, field by field
        validate                        check spec files without a server
        rotate                          give keys new secrets under their names,
                                        without a gap
        deliver                         put keys where the spec wants them again,
                                        without a server
        check                           hold what is live on a server against the
                                        rules
        export                          write what is live as a spec
        adopt                           mark what a spec names as its own, and change
                                        nothing else
        close                           end the keys of a spec, with an account of
                                        what was used
        init                            write a commented starter spec
        schema                          print the spec's JSON Schema, for editors"
    `);
    expect(stdout.indexOf('Single keys:')).toBeLessThan(stdout.indexOf('Global options:'));
    expect((await makeHome().vkeys('--help')).stdout).toBe(stdout);
  });

  it('prints its version', async () => {
    expect((await makeHome().vkeys('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['aply -f x.yaml', "unknown command 'aply'"],
    ['apply', 'No spec was named, and there is no vkeys.yaml here.'],
    ['list --timeout soon', 'It is a number of seconds'],
    ['list --concurrency 0', 'It is a number from 1 to 64'],
    ['list --header nothing', 'It is name=value'],
    ['list --status gone', 'Allowed choices are'],
    ['list -o env', 'Here it is one of table, json, yaml, csv'],
    ['list --expiring soon', 'is no duration'],
    ['list --columns nothing', 'There is no column nothing'],
    ['list --url ftp://x', 'http'],
    ['update me', 'Nothing to change was given'],
    ['update me --unset nothing', 'There is no field nothing'],
    ['delete', 'No key was named'],
    ['delete a -f b.yaml', 'Either name keys or give -f'],
    ['delete --only a', '--only is for -f'],
    ['delete --cascade --set a', '--prune and --cascade are for -f alone'],
    ['delete --prune --set a', '--prune and --cascade are for -f alone'],
    ['delete --prune --set a -f b.yaml', '--prune and --cascade are for -f alone'],
    ['delete a --max-deletions many', 'neither a number nor a percentage'],
    ['create --alias me --metadata nothing', 'It is name=value'],
    ['create --alias me --field aliases={', 'Its value is not JSON'],
    ['apply -f x.yaml --max-deletions many', 'There is no file x.yaml'],
    ['sandbox --as 1.0.0', 'The sandbox cannot behave like 1.0.0'],
    ['sandbox --port 99999', 'is no port'],
    ['completion tcsh', 'Allowed choices are bash, zsh, fish'],
  ])('%s ends with 3 and says: %s', async (line, words) => {
    const { code, stderr, stdout } = await makeHome().vkeys(line);
    expect(stderr).toContain(words);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('takes a format from VKEYS_OUTPUT, and errors in it', async () => {
    const env = { VKEYS_OUTPUT: 'json' };
    const { code, stdout, stderr } = await makeHome().vkeys('list', { env });
    expect(code).toBe(3);
    expect(documentIn(stdout)).toMatchObject({ error: { kind: 'usage', hint: expect.any(String) as string } });
    expect(stderr).toMatch(/^error: .*\nnext: /);
    expect((await makeHome().vkeys('list', { env: { VKEYS_OUTPUT: 'xml' } })).stderr).toContain('VKEYS_OUTPUT is xml');
  });

  it('tells a bug from a mistake, and asks to report it', async () => {
    const transport = () => {
      throw new TypeError('x is not a function');
    };
    const { code, stderr } = await makeHome().vkeys('list', { transport });
    expect(code).toBe(1);
    expect(stderr).toMatchInlineSnapshot(`
      "error: This is a bug in vkeys: TypeError: x is not a function
      next:  Please report it with the output of the same command and --debug. What was done so far is safe in the keyring: run the command again.
      "
    `);
    expect((await makeHome().vkeys('list --debug', { transport })).stderr).toContain('at ');
  });
});
