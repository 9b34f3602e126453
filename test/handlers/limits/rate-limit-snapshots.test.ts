import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { bareAnswer, bareSnapshot } from '../../support/bare-answer.js';

/** Returns a bucket with a window at this percentage. */
function bucket(id: string, usedPercent: number): object {
  return {
    metered_feature: id,
    limit_name: `name of ${id}`,
    rate_limit: { allowed: true, primary_window: window(usedPercent) },
  };
}

function window(usedPercent: number): object {
  return { used_percent: usedPercent, limit_window_seconds: 60, reset_after_seconds: 1, reset_at: 2 };
}

/** Returns the snapshot of that bucket. */
function snapshot(id: string, usedPercent: number): object {
  return {
    ...bareSnapshot,
    limitId: id,
    limitName: `name of ${id}`,
    primary: { usedPercent, windowDurationMins: 1, resetsAt: 2 },
  };
}

test('every additional limit has an entry with its own id', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', {
      body: { additional_rate_limits: [bucket('b', 1), bucket('A b', 2), bucket('', 3)] },
    });
    expect(await read()).toEqual(
      bareAnswer({
        rateLimitsByLimitId: {
          codex: bareSnapshot,
          b: snapshot('b', 1),
          'A b': snapshot('A b', 2),
          '': snapshot('', 3),
        },
      }),
    );
  }));

test('the last of two limits with the same id counts', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { additional_rate_limits: [bucket('a', 1), bucket('a', 2)] } });
    expect(await read()).toEqual(
      bareAnswer({ rateLimitsByLimitId: { codex: bareSnapshot, a: snapshot('a', 2) } }),
    );
  }));

test('an additional limit called codex replaces only the entry of the map', () =>
  withAccount({}, async ({ backend, read }) => {
    const credits = { has_credits: true, unlimited: true, balance: null };
    backend.script('usage', { body: { credits, additional_rate_limits: [bucket('codex', 9)] } });
    expect(await read()).toEqual(
      bareAnswer({
        rateLimits: { ...bareSnapshot, credits: { hasCredits: true, unlimited: true, balance: null } },
        rateLimitsByLimitId: { codex: snapshot('codex', 9) },
      }),
    );
  }));

test.each(['__proto__', 'constructor', 'toString', '1', '4294967295', '-1'])(
  'a limit called %s has an ordinary entry',
  (id) =>
    withAccount({}, async ({ backend, read }) => {
      backend.script('usage', { body: { additional_rate_limits: [bucket(id, 4)] } });
      const { result } = (await read()) as { result: { rateLimitsByLimitId: object } };
      expect(Object.entries(result.rateLimitsByLimitId).sort()).toEqual(
        [
          ['codex', bareSnapshot],
          [id, snapshot(id, 4)],
        ].sort(),
      );
    }),
);

test.each([
  ['missing', {}],
  ['null', { additional_rate_limits: null }],
  ['empty', { additional_rate_limits: [] }],
])('with the list of additional limits %s the map holds only codex', (_what, body) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body });
    expect(await read()).toEqual(bareAnswer());
  }),
);
