import { expect, test } from 'vitest';
import { fiveHours } from '../../../src/dev-backend/account/windows.js';
import { isLab, labNumber } from '../../support/lab-options.js';
import { type CrowdAnswer, type CrowdOptions, maxAgeMs, runCrowd } from './crowd.js';

const seconds = labNumber('seconds', 6);
const size = isLab ? { loops: 10, servers: 5, clients: 5 } : { loops: 4, servers: 2, clients: 2 };
const timeLimitMs = seconds * 1000 + 300_000;
/** The percentage to which the window of the backend can fill again after the redemption. */
const mostFilled = Math.floor(seconds / fiveHours.secondsPerPercent);
const crowd: CrowdOptions = { ...size, seconds, redeems: false };

function print(figures: object): void {
  if (isLab) console.log(JSON.stringify(figures));
}

/** `readAt` is cut to whole seconds. */
function isTooOld({ askedAtMs, readAt = 0 }: CrowdAnswer): boolean {
  return readAt * 1000 + 999 < askedAtMs - maxAgeMs;
}

test(
  'many processes send the requests of one, and none shows old windows after a redemption',
  async () => {
    const { answers, notified, requestsAtMs, redeemedAtMs = 0 } = await runCrowd({ ...crowd, redeems: true });
    const after = answers.filter(({ askedAtMs }) => askedAtMs >= redeemedAtMs);
    const behind = answers.filter(({ readAt = 0 }) => readAt * 1000 >= redeemedAtMs);
    print({
      ...crowd,
      requests: requestsAtMs.length,
      answers: answers.length,
      afterRedemption: after.length,
      notified: notified.length,
    });
    expect(answers.filter(({ kind }) => kind !== undefined)).toEqual([]);
    expect(answers.filter(isTooOld)).toEqual([]);
    // Both are there, so that the checks can fail.
    expect(answers.some(({ usedPercent }) => usedPercent === 100)).toBe(true);
    expect(after.length).toBeGreaterThan(0);
    expect([...after, ...behind].filter(({ usedPercent }) => (usedPercent ?? 100) > mostFilled)).toEqual([]);
    expect(notified.filter((percent) => percent > mostFilled)).toEqual([]);
    // One each two seconds and one at the start. The first one of the watches is without the details of the credits; and
    // one while the consume is on its way, one after it. On a busy machine a process may wait in vain for another one.
    expect(requestsAtMs.length).toBeLessThanOrEqual(seconds / 2 + 6);
  },
  timeLimitMs,
);

test(
  'while a 429 asks for a pause, none of many processes sends a request',
  async () => {
    const pauseSecs = isLab ? 10 : 5;
    const { answers, requestsAtMs } = await runCrowd({
      ...crowd,
      usageReply: { status: 429, headers: { 'retry-after': `${pauseSecs}` }, body: {} },
    });
    const [firstAtMs = 0] = requestsAtMs;
    // A process waits 2 s for the reply to the request of another one. In Wine it can take longer to store it.
    const storedAtMs = firstAtMs + (process.platform === 'win32' ? 3_000 : 0);
    const during = requestsAtMs.filter((atMs) => atMs > storedAtMs && atMs < firstAtMs + pauseSecs * 1000);
    print({
      ...crowd,
      pauseSecs,
      requests: requestsAtMs.length,
      during: during.length,
      answers: answers.length,
    });
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.filter(({ kind }) => kind !== 'rateLimited')).toEqual([]);
    expect(during).toEqual([]);
  },
  timeLimitMs,
);
