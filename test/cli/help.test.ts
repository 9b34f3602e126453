import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { completedCommands } from '../../src/cli/completion/words.js';
import { startBuiltServer } from '../support/processes/built-server.js';

const widest = 78;

async function helpOf(...args: string[]): Promise<string> {
  const server = startBuiltServer({ args, environment: { HOME: tmpdir() } });
  server.child.stdin.end();
  expect([(await server.exited).code, server.stderr()]).toEqual([0, '']);
  return server.stdout();
}

const names = completedCommands.map(({ name }) => name);

test.each(names)('help %s prints what --help prints, and fits 78 columns', async (name) => {
  const help = await helpOf('help', name);
  expect(help).toBe(await helpOf(name, '--help'));
  expect(help).toContain('Usage: codex-account-server');
  expect(help.split('\n').filter((line) => line.length > widest)).toEqual([]);
});

test('the help of the program fits 78 columns and names each command', async () => {
  const help = await helpOf('--help');
  expect(help.split('\n').filter((line) => line.length > widest)).toEqual([]);
  expect(names.filter((name) => !help.includes(name))).toEqual([]);
});
