import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abandonProblem } from '../../../src/client/redemption/abandon.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';

const minuteMs = 60_000;
const reason = 'the backend refuses it';

/** Records an attempt that was made `ageMs` ago, and makes the backend refuse its key from now on. */
function leaveOpen(fixture: RedeemFixture, ageMs: number, creditId: string | null = 'credit-1'): void {
  const thenMs = fixture.clock.nowMs() - ageMs;
  const times = { startedAtMs: thenMs, updatedAtMs: thenMs };
  fixture.writeJournal([attempt(fixture.clock, { state: 'unclear', creditId, ...times })]);
  fixture.backend.script('consume', { status: 422, body: {} });
}

test('an attempt that the backend refuses for ever is given up on request, and then another one can begin', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    leaveOpen(fixture, 16 * minuteMs);
    const client = fixture.newClient();
    await expect(client.resumeRedemption({ maxRetries: 0 })).rejects.toMatchObject({
      kind: 'outcomeUnknown',
      canAbandon: true,
    });
    const given = await client.abandonRedemption({ reason });
    expect(given).toMatchObject({ redemption: { key: 'key-1', state: 'abandoned', abandonReason: reason } });
    expect(fixture.journal()).toEqual([given?.redemption]);
    await client.request('account/rateLimits/read');
    fixture.backend.script('consume', undefined);
    expect(await client.redeem({ creditId: 'credit-2' })).toMatchObject({ isRepeated: false });
    expect(fixture.consumed().map((body) => body.redeem_request_id === 'key-1')).toEqual([true, false]);
  });
});

test('it waits until a minute has passed since the last request', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    leaveOpen(fixture, 16 * minuteMs);
    const [open] = fixture.journal();
    const updatedAtMs = fixture.clock.nowMs() - 12_000;
    fixture.writeJournal([attempt(fixture.clock, { ...open, updatedAtMs })]);
    const pauses: number[] = [];
    const clock = {
      ...fixture.clock,
      after(delayMs: number, callback: () => void) {
        if (delayMs === 48_000) {
          pauses.push(delayMs);
          queueMicrotask(callback);
          return () => undefined;
        }
        return fixture.clock.after(delayMs, callback);
      },
    };
    await fixture.newClient({ clock }).abandonRedemption({ reason });
    expect(pauses).toEqual([48_000]);
  });
});

test.each<[what: string, ageMs: number, creditId: string | null, act: (fixture: RedeemFixture) => void]>([
  ['it is younger than 15 minutes', 14 * minuteMs, 'credit-1', () => undefined],
  [
    'its credit is not available any more',
    3 * 60 * minuteMs,
    'credit-1',
    ({ backend }) =>
      backend.script('credits', {
        body: {
          available_count: 1,
          credits: [
            {
              id: 'credit-1',
              reset_type: 'codex_rate_limits',
              status: 'redeemed',
              granted_at: '2026-01-01T00:00:00Z',
            },
          ],
        },
      }),
  ],
  [
    'the number of credits has changed',
    3 * 60 * minuteMs,
    null,
    ({ backend }) => backend.script('credits', { body: { available_count: 1, credits: [] } }),
  ],
])('an attempt is not given up if %s', async (_what, ageMs, creditId, act) => {
  await withRedeemers('at-limit', async (fixture) => {
    leaveOpen(fixture, ageMs, creditId);
    act(fixture);
    const before = fixture.journal();
    const failure = fixture.newClient().abandonRedemption({ reason });
    await expect(failure).rejects.toMatchObject({ kind: 'notAbandonable', redemption: before[0] });
    expect(fixture.journal()).toEqual(before);
  });
});

test('after four hours an attempt is given up whatever the limits show', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    leaveOpen(fixture, 4 * 60 * minuteMs, null);
    fixture.backend.script('credits', { body: { available_count: 0, credits: [] } });
    expect(await fixture.newClient().abandonRedemption({ reason })).toMatchObject({
      redemption: { state: 'abandoned' },
    });
  });
});

test('without an open attempt nothing is given up, and without a reason nothing is read', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    expect(await client.abandonRedemption({ reason })).toBe(null);
    await expect(client.abandonRedemption({ reason: ' ' })).rejects.toThrow(TypeError);
    await expect(client.abandonRedemption({ reason: 'a'.repeat(501) })).rejects.toThrow(TypeError);
  });
});

test('the rule never allows it in the first 15 minutes, and always after four hours', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const limits = await fixture.newClient().request('account/rateLimits/read');
    const startedAtMs = fixture.clock.nowMs();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * 60 }),
        fc.option(fc.constantFrom('credit-1', 'credit-9')),
        fc.option(fc.integer({ min: 0, max: 3 })),
        (minutes, creditId, availableCount) => {
          const open = attempt(fixture.clock, { startedAtMs, creditId, availableCount });
          const problem = abandonProblem(open, limits, startedAtMs + minutes * minuteMs);
          if (minutes < 15) expect(problem).toBeDefined();
          if (minutes >= 240) expect(problem).toBeUndefined();
          const isSeenUnused = creditId === 'credit-1' || availableCount === 2;
          if (minutes >= 15 && minutes < 240) expect(problem === undefined).toBe(isSeenUnused);
        },
      ),
    );
  });
});

test('an attempt stays open if the account cannot be read, and the error of the resumed call says so', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    leaveOpen(fixture, minuteMs);
    fixture.backend.script('usage', { status: 500, body: {} });
    await expect(fixture.newClient().resumeRedemption({ maxRetries: 0 })).rejects.toMatchObject({
      kind: 'outcomeUnknown',
      redemption: { key: 'key-1', state: 'unclear' },
      cause: { kind: 'backendStatus' },
    });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('without an open attempt, the error is that of the read', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('usage', { status: 500, body: {} });
    await expect(fixture.newClient().resumeRedemption({ maxRetries: 0 })).rejects.toMatchObject({
      name: 'RequestError',
      kind: 'backendStatus',
    });
  });
});
