import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../../src/dev-backend/home.js';
import { startDevBackend } from '../../../../src/dev-backend/server.js';
import { startCommand } from '../../../support/processes/script-process.js';
import { unixTest } from '../../../support/unix-test.js';

const program = fileURLToPath(new URL('../../../../dist/main.cjs', import.meta.url));

const asJson = '--json --interval 3600';

/** Calls `act` with the words of a watch whose values do not change, so that it prints once. */
async function withWatch(act: (words: string) => Promise<void>, options = asJson): Promise<void> {
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  const env = `env -i HOME=${tmpdir()} CODEX_HOME=${home.path} PATH=${process.env.PATH}`;
  try {
    await act(`${env} ${process.execPath} ${program} usage --watch ${options}`);
  } finally {
    await backend.close();
    home.remove();
  }
}

const hasProc = process.platform === 'linux';

test.skipIf(!hasProc)('a watch ends with the reader of its pipe, although nothing more is printed', () =>
  withWatch(async (words) => {
    // A shell that has ended the reader waits for the watch.
    const shell = startCommand('bash', [
      '-c',
      `set -o pipefail; ${words} | head -1; echo "exit \${PIPESTATUS[0]}"`,
    ]);
    expect(JSON.parse(await shell.nextLine())).toMatchObject({ version: 1, permission: 'blocked' });
    expect(await shell.nextLine()).toBe('exit 3');
  }),
);

unixTest('a watch into a pipe ends with its parent', () =>
  withWatch(async (words) => {
    const shell = startCommand('bash', ['-c', `${words} & wait`]);
    expect(JSON.parse(await shell.nextLine())).toMatchObject({ version: 1 });
    const closed = once(shell.child, 'close');
    await shell.kill();
    // The watch has the other end of the pipe, too.
    await closed;
    await expect(shell.nextLine()).rejects.toThrow('has ended');
  }),
);

unixTest('a watch that prints events into a pipe ends with its parent', () =>
  withWatch(async (words) => {
    const shell = startCommand('bash', ['-c', `${words} & wait`]);
    expect(JSON.parse(await shell.nextLine())).toMatchObject({ kind: 'reached' });
    const closed = once(shell.child, 'close');
    await shell.kill();
    await closed;
    await expect(shell.nextLine()).rejects.toThrow('has ended');
  }, '--on reached --print --interval 3600'),
);
