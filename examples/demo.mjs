/**
 * `npm run demo`: a workshop's whole life on the embedded sandbox. Everything happens in a temporary folder.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/vkeys.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vkeys-demo-'));
/* The hand-outs carry the address that attendees would use: the sandbox's own is nobody's but this machine's. */
const spec = readFileSync(new URL('workshop.yaml', import.meta.url), 'utf8');
writeFileSync(join(folder, 'workshop.yaml'), `${spec}server: { public_url: https://litellm.example.com }\n`);

const sandbox = spawn(process.execPath, [program, 'sandbox', '--port', '0', '-o', 'json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const { url, master_key } = await new Promise((resolve, reject) => {
  sandbox.once('exit', (code) => reject(new Error(`the sandbox ended with exit code ${code}`)));
  sandbox.stdout.once('data', (line) => resolve(JSON.parse(line)));
});
const env = {
  ...process.env,
  LITELLM_BASE_URL: url,
  LITELLM_MASTER_KEY: master_key,
  XDG_STATE_HOME: join(folder, 'state'),
  VKEYS_PROFILE: '',
};

function step(title, ...args) {
  console.log(`\n# ${title}\n$ vkeys ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`vkeys ended with exit code ${status}`);
}

try {
  console.log(`A sandbox that behaves like LiteLLM runs at ${url}`);
  step('What would be done?', 'plan', '-f', 'workshop.yaml');
  step('Do it: a key and a hand-out for everybody', 'apply', '-f', 'workshop.yaml', '--yes');
  console.log(`\nHand-outs: ${readdirSync(join(folder, 'secrets')).length} files in secrets/, readable by you alone.`);
  step(
    'For people: a page that may be published, and cards',
    'handout',
    '-f',
    'workshop.yaml',
    '--to',
    'handout',
    '--format',
    'page',
    'cards',
    '--page-url',
    'https://workshop.example.com/page.html',
  );
  const kept = mkdtempSync(join(tmpdir(), 'vkeys-handout-'));
  cpSync(join(folder, 'handout'), kept, { recursive: true });
  console.log(
    `\nOpen them: ${join(kept, 'page.html')}, with a code of ${join(kept, 'cards.html')}. Their keys are the sandbox's, and gone with it.`,
  );
  step('Do it again: nothing changes', 'apply', '-f', 'workshop.yaml');
  step('Who has what?', 'list', '--set', 'ai-workshop');
  step('The day is over: all gone', 'delete', '-f', 'workshop.yaml', '--yes');
  step('Nothing is left', 'list', '--set', 'ai-workshop');
  console.log('\nThat was all of it. Next: vkeys init, or point examples/workshop.yaml at your own LiteLLM.');
} finally {
  sandbox.kill();
  rmSync(folder, { recursive: true, force: true });
}
