// Starts the built server as a process: as our own child, or as the child of one that can be killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const serverPath = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));

/**
 * The script of a parent process. It starts the server as the library does, passes all streams through and prints the pid
 * of the server on stderr.
 */
const parentScript = `
  const { spawn } = require('node:child_process');
  const server = spawn(process.execPath, [${JSON.stringify(serverPath)}, 'app-server'], {
    detached: process.platform === 'win32',
  });
  process.stdin.pipe(server.stdin);
  server.stdout.pipe(process.stdout);
  process.stderr.write(String(server.pid));
`;

/** Starts the server as our child. `exited` resolves with `code N`, or with the name of the signal that killed it. */
export async function startServer(environment) {
  const child = spawn(process.execPath, [serverPath, 'app-server'], { env: environment });
  const { stdin, stdout } = child;
  const exited = once(child, 'close').then(([code, signal]) => signal ?? `code ${code}`);
  return { stdin, stdout: stdout.setEncoding('utf8'), exited, kill: (signal) => child.kill(signal) };
}

/**
 * Starts the server as the child of another process. Its exit code is lost with its parent: `exited` resolves with
 * `gone`.
 */
export async function startServerUnderParent(environment) {
  const parent = spawn(process.execPath, ['-e', parentScript], { env: environment });
  const pid = Number(String((await once(parent.stderr, 'data'))[0]));
  let hasGone = false;
  const exited = once(parent, 'close').then(async () => {
    while (isRunning(pid)) await pause(5);
    hasGone = true;
    return 'gone';
  });
  return {
    stdin: parent.stdin,
    stdout: parent.stdout.setEncoding('utf8'),
    exited,
    kill(signal) {
      parent.kill(signal);
      if (!hasGone && isRunning(pid)) process.kill(pid, signal);
    },
    killParent: () => parent.kill('SIGKILL'),
  };
}

/** Whether a process runs. A zombie that its new parent has not collected does not. */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
