import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Lists the places in the sources, except the client library, that send a signal: the file and the receiver. Signal 0 is
 * not sent: it asks whether there is a process.
 */
function signalsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('client/'))
    .flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/\.kill\(([^,)]*)(?=[,)])(?!, 0\))/g)].map(
        ([, whom]) => `${name}: ${whom}`,
      ),
    )
    .sort();
}

test('It sends signals only to the programs that acquire its locks or ask the keyring, to the commands of `usage --watch --on` and `dev-backend`, to an upstream and to itself. Only for Ctrl-C and the like it signals its whole job, as the terminal does.', () => {
  expect(signalsIn('src')).toEqual([
    'auth/store/keyring-process.ts: process.pid',
    'cli/dev/dev-command.ts: signal',
    'cli/main.ts: process.pid',
    'cli/terminal/process/job-control.ts: 0',
    'cli/terminal/process/job-control.ts: process.pid',
    'cli/terminal/process/job-control.ts: process.pid',
    'cli/terminal/process/signals.ts: process.pid',
    'cli/upstream/replace-process.ts: signal',
    "cli/usage/events/run-command.ts: process.platform === 'win32' ? pid : -pid",
    'front/run.ts: ',
    'util/files/locks/flock-command.ts: -pid',
    // For the upstream.
    "util/programs/kill-program.ts: 'SIGKILL'",
  ]);
});
