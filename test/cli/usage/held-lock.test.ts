import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chatgptLogin } from '../../support/auth-file.js';
import { outcome, withCommands } from '../../support/processes/commands.js';
import { holdForeignLock } from '../../support/files/foreign-lock.js';

/** A login whose tokens are due for a refresh. */
const dueLogin = JSON.stringify(chatgptLogin({}, { last_refresh: '2025-01-01T00:00:00Z' }));

test.each(['auth.lock', 'auth.json.lock'])(
  'usage prints the limits while a stopped program holds %s, and sends no refresh',
  (name) =>
    withCommands('chatgpt', async ({ backend, home, authPath, command }) => {
      writeFileSync(authPath, dueLogin);
      const path = join(home.path, name);
      const lock = await holdForeignLock(path);
      lock.stop();
      expect(await outcome(command('usage --json'))).toEqual({
        code: 0,
        stdout: expect.stringContaining('"availableCount": 1') as string,
        stderr: expect.stringContaining(`another program does not release the lock ${path}\n`) as string,
      });
      expect(backend.requests.filter(({ url }) => url.includes('/oauth/'))).toEqual([]);
      await lock.release();
    }),
);
