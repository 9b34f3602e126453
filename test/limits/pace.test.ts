import { expect, test } from 'vitest';
import { nextWaitMs, watchInterval } from '../../src/limits/pace.js';

const calm = {
  intervalMs: 60_000,
  quietReads: 0,
  failures: 0,
  retryAfterMs: undefined,
  windows: [],
  nowMs: 0,
  random: 0,
};
const windowAt = (usedPercent: number | null, resetsAt: number | null = null) => [{ usedPercent, resetsAt }];

test.each([
  ['by default', {}, 60_000],
  ['after one quiet read', { quietReads: 1 }, 90_000],
  ['after many quiet reads', { quietReads: 100 }, 300_000],
  ['near a limit', { windows: windowAt(90) }, 30_000],
  ['near a limit after one quiet read', { windows: windowAt(99), quietReads: 1 }, 45_000],
  ['at the limit', { windows: windowAt(100) }, 60_000],
  ['with an unknown window', { windows: windowAt(null, 0) }, 60_000],
  ['shortly before a reset', { windows: windowAt(50, 30), quietReads: 100 }, 32_000],
  ['at a reset', { windows: windowAt(50, 1), quietReads: 100 }, 15_000],
  ['with the minimum interval', { intervalMs: 15_000, windows: windowAt(95) }, 15_000],
  ['after a failure', { failures: 1 }, 120_000],
  ['after many failures', { failures: 50 }, 900_000],
  ['after failures with a long interval', { failures: 3, intervalMs: 3_600_000 }, 3_600_000],
  ['with a Retry-After of the backend', { failures: 1, retryAfterMs: 600_000 }, 600_000],
  ['spread', { random: 0.5 }, 63_000],
])('the delay until the next read %s', (_name, changes, expected) => {
  expect(nextWaitMs({ ...calm, ...changes })).toBe(expected);
});

test.each([
  [undefined, 60],
  [null, 60],
  [Number.NaN, 60],
  [-Infinity, 15],
  [14, 15],
  [20, 20],
  [2 ** 31, 3_600],
  [Infinity, 3_600],
])('an interval of %s is %d seconds', (asked, used) => {
  expect(watchInterval(asked)).toBe(used);
});
