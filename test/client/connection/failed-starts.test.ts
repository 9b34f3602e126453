import { expect, test } from 'vitest';
import type { ConnectionError } from '../../../src/client/connection/errors.js';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { withStandIn } from './stand-in-fixture.js';

const read = 'account/rateLimits/read';
const threeDaysMs = 3 * 24 * 60 * 60_000;

test.each([-threeDaysMs, threeDaysMs])(
  'failed starts count for three minutes even if the system time changes by %d ms',
  async (byMs) => {
    const clock = createLeapingClock([250, 500, 1_000, 2_000, 2_500]);
    const given = { clock, command: process.execPath, args: ['-e', 'process.exit(1)'] };
    await withStandIn(
      'none',
      async (client) => {
        const kindOf = (): Promise<string> =>
          client.request(read, {}, { maxRetries: 0 }).then(
            () => 'none',
            (error: unknown) => (error as ConnectionError).kind,
          );
        const kinds: string[] = [];
        for (let count = 0; count < 5; count += 1) kinds.push(await kindOf());
        clock.changeTime(byMs);
        kinds.push(await kindOf());
        clock.leap(3 * 60_000);
        kinds.push(await kindOf());
        const failed = Array.from({ length: 5 }, () => 'serverExited');
        expect(kinds).toEqual([...failed, 'tooManyFailedStarts', 'serverExited']);
      },
      given,
    );
  },
);
