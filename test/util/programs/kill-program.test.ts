import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { killProgram } from '../../../src/util/programs/kill-program.js';

/** Starts a program, kills it, and returns the commands that were started for that. */
async function commandsOfKill(
  windowsVerbatimArguments: boolean,
  helper: readonly [command: string, ...args: string[]],
): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const started: string[] = [];
  const spawnHelper = ((command: string, args: readonly string[]) => {
    started.push([command, ...args].join(' ').replace(`${child.pid}`, 'PID'));
    return spawn(helper[0], helper.slice(1), { stdio: 'ignore' });
  }) as typeof spawn;
  const program = { command: 'x', args: [], windowsVerbatimArguments };
  killProgram(child, program, { spawn: spawnHelper, env: { SystemRoot: 'C:/W' } });
  await ended;
  expect(child.killed).toBe(true);
  return started.map((command) => command.replaceAll('\\', '/'));
}

test('a program is killed by a signal', async () => {
  expect(await commandsOfKill(false, [process.execPath])).toEqual([]);
});

test.each<[what: string, helper: [string, ...string[]]]>([
  ['ends them', [process.execPath, '-e', '']],
  ['fails', [process.execPath, '-e', 'process.exit(1)']],
  ['is missing', ['/nowhere/taskkill']],
])(
  'a batch file is killed behind the programs that it has started, also if taskkill %s',
  async (_what, helper) => {
    expect(await commandsOfKill(true, helper)).toEqual(['C:/W/System32/taskkill.exe /F /T /PID PID']);
  },
);
