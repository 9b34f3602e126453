import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import '../support/built-server.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import { startDevBackend } from '../../src/dev-backend/server.js';

// Runs the command lines of the README, except those that install or build, and one that asks questions.

const readme = readFileSync('README.md', 'utf8');
const commands = [...readme.matchAll(/^```sh\n(.*?)^```/gms)]
  .flatMap(([, block = '']) => block.replaceAll(/ *\\\n */g, ' ').split('\n'))
  .filter((line) => line !== '' && !/\bnpm\b|# asks /.test(line));

/** Runs a line in a shell. A command that does not exit by itself gets a Ctrl-C after its first output. */
async function run(line: string) {
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const child = spawn('bash', ['-c', line], {
    env: {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: tmpdir(),
      TMPDIR: tmpdir(),
      CODEX_HOME: home.path,
    },
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  }
  const closed = once(child, 'close');
  try {
    if (line.includes('Ctrl-C ends it')) {
      await once(child.stdout, 'data');
      child.kill('SIGINT');
    }
    const [code, signal] = (await closed) as [number | null, string | null];
    return { how: code ?? signal, ...said };
  } finally {
    child.kill('SIGKILL');
    await backend.close();
    home.remove();
  }
}

test('the README has an example of every command', () => {
  expect(commands.map((line) => / dist\/main\.cjs ([\w-]+)/.exec(line)?.[1])).toEqual([
    'app-server',
    ...['usage', 'usage', 'usage', 'usage'],
    ...['redeem', 'redeem', 'redeem'],
    'dev-backend',
  ]);
});

test.each(commands)('%s', async (line) => {
  const { how, stdout, stderr } = await run(line);
  expect(stderr).toBe('');
  // The account has credits, but nothing to reset.
  expect(line.includes('--yes') ? [3] : [0, 'SIGINT', 130]).toContain(how);
  if (line.includes('app-server')) expect(stdout.match(/"result"/g)).toHaveLength(2);
  else expect(stdout).not.toBe('');
});
