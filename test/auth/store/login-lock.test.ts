import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { holdForeignLock } from '../../support/files/foreign-lock.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

/** How long a login or a logout waits for a save of another program. */
const waitLimitMs = 6_000;

test.each([
  ['account/logout', {}, 'logout failed'],
  ['account/login/start', { type: 'apiKey', apiKey: 'sk-new' }, 'failed to save api key'],
] as const)(
  '%s fails if another program does not release auth.lock, and changes nothing',
  (method, params, prefix) => {
    const clock = createManualClock();
    return withAccount({ auth: chatgptLogin(), clock }, async ({ authPath, call, backend }) => {
      const before = readFileSync(authPath, 'utf8');
      const path = join(dirname(authPath), 'auth.lock');
      const lock = await holdForeignLock(path);
      const answer = call(method, params);
      await lock.untilWaitedFor();
      clock.fire(waitLimitMs);
      expect(await answer).toMatchObject({
        error: { message: `${prefix}: another program does not release the lock ${path}` },
      });
      expect([readFileSync(authPath, 'utf8'), backend.requests]).toEqual([before, []]);
      await lock.release();
    });
  },
);
