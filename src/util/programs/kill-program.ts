import type { ChildProcess, spawn as Spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Environment, type StartableProgram, valueOf } from './startable-program.js';

/**
 * Kills a program with SIGKILL. A batch file is killed with all that it has started: the program in it would go on without
 * its interpreter otherwise. Does not wait for the end.
 */
export function killProgram(
  child: ChildProcess,
  { windowsVerbatimArguments: isInterpreted = false }: StartableProgram,
  { spawn, env }: { readonly spawn: typeof Spawn; readonly env: Environment },
): void {
  const { pid } = child;
  const kill = (): void => void child.kill('SIGKILL');
  if (!isInterpreted || pid === undefined || child.exitCode !== null) {
    kill();
    return;
  }
  // The interpreter is killed last, because without it the others cannot be found.
  const command = join(valueOf(env, 'SYSTEMROOT') ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  spawn(command, ['/F', '/T', '/PID', `${pid}`], { stdio: 'ignore', windowsHide: true })
    .on('error', kill)
    .on('exit', kill);
}
