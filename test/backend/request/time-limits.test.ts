import { expect, test } from 'vitest';
import type { Script } from '../../../src/dev-backend/server.js';
import { withAccount } from '../../support/account-fixture.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const usageMs = 15_000;
const detailsAfterUsageMs = 1_500;
const consumeMs = 10_000;

/** `silent` never responds. `stuck` stops after the head and a part of the body. */
const silent: Script = () => 'handled';
const stuck: Script = (_request, response) => {
  response.write('{"code":');
  return 'handled';
};

/** Wraps `script`. `arrived` resolves when a request has arrived, and `closed` when its connection has closed. */
function watched(script: Script): { script: Script; arrived: Promise<void>; closed: Promise<void> } {
  let arrive: () => void = () => undefined;
  let close: () => void = () => undefined;
  return {
    arrived: new Promise((resolve) => (arrive = resolve)),
    closed: new Promise((resolve) => (close = resolve)),
    script: (request, response) => {
      response.once('close', close);
      arrive();
      return script(request, response);
    },
  };
}

function resetCreditsOf(answer: Record<string, unknown>): unknown {
  return (answer as { result: { rateLimitResetCredits: unknown } }).result.rateLimitResetCredits;
}

test.each([
  ['never begins', silent],
  ['never ends', stuck],
])('a usage reply that %s is cancelled after 15 s, and its connection is closed', async (_what, script) => {
  const clock = createManualClock();
  await withAccount({ clock }, async ({ backend, read }) => {
    const usage = watched(script);
    backend.script('usage', usage.script);
    const answer = read();
    await usage.arrived;
    clock.fire(usageMs);
    expect(await answer).toEqual({
      error: { code: -32603, message: 'codex rate limits fetch timed out', data: { kind: 'timedOut' } },
    });
    await usage.closed;
  });
});

test.each([
  ['never begins', silent],
  ['never ends', stuck],
])('a consume whose reply %s is cancelled after 10 s, and its outcome is unknown', async (_what, script) => {
  const clock = createManualClock();
  await withAccount({ clock }, async ({ backend, consume }) => {
    const sent = watched(script);
    backend.script('consume', sent.script);
    const answer = consume();
    await sent.arrived;
    clock.fire(consumeMs);
    expect(await answer).toEqual({
      error: {
        code: -32603,
        message: 'rate limit reset consume timed out',
        data: { kind: 'timedOut', outcomeKnown: false },
      },
    });
    await sent.closed;
  });
});

test.each([
  ['a status', { status: 500, body: '' }],
  ['no content', { status: 204 }],
  ['a redirect', { status: 302, headers: { location: '/' }, body: '' }],
  ['a body that is not an object', { body: '[]' }],
])('details that fail with %s do not affect the count', (_what, reply) =>
  withAccount({ scenario: 'at-limit' }, async ({ backend, read }) => {
    backend.script('credits', reply);
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 2, credits: null });
  }),
);

test('details whose connection is lost do not affect the count', () =>
  withAccount({ scenario: 'at-limit' }, async ({ backend, read }) => {
    backend.script('credits', (_request, response) => {
      response.destroy();
      return 'handled';
    });
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 2, credits: null });
  }));

test('there is no summary if the details fail and the usage has no count', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: {} });
    backend.script('credits', { status: 404 });
    expect(resetCreditsOf(await read({}))).toEqual(null);
  }));

test.each([
  ['never begin', silent],
  ['never end', stuck],
])(
  'details that %s are cancelled 1.5 s after the usage, and their connection is closed',
  async (_what, script) => {
    const clock = createManualClock();
    await withAccount({ scenario: 'at-limit', clock }, async ({ backend, read }) => {
      const details = watched(script);
      backend.script('credits', details.script);
      const answer = read({});
      await details.arrived;
      await clock.untilSet(detailsAfterUsageMs);
      clock.fire(detailsAfterUsageMs);
      expect(resetCreditsOf(await answer)).toEqual({ availableCount: 2, credits: null });
      await details.closed;
    });
  },
);

test('details that arrive after the usage, but in time, are used', () =>
  withAccount({ scenario: 'at-limit', clock: createManualClock() }, async ({ backend, read }) => {
    const usage = watched(() => undefined);
    backend.script('usage', usage.script);
    backend.script('credits', (_request, response) => {
      void usage.closed.then(() => response.end('{"available_count":7,"credits":[]}'));
      return 'handled';
    });
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 7, credits: [] });
  }));

test('details that arrive before the usage are used', () =>
  withAccount({ scenario: 'at-limit', clock: createManualClock() }, async ({ backend, read }) => {
    const details = watched(() => ({ body: { available_count: 4, credits: [] } }));
    backend.script('credits', details.script);
    backend.script('usage', (_request, response) => {
      void details.closed.then(() => response.end('{}'));
      return 'handled';
    });
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 4, credits: [] });
  }));

test('a failed usage request is answered at once, and cancels the request for details', () =>
  withAccount({ clock: createManualClock() }, async ({ backend, read }) => {
    const details = watched(silent);
    backend.script('credits', details.script);
    backend.script('usage', { status: 500, body: '' });
    expect(await read({})).toMatchObject({ error: { data: { kind: 'backendStatus', httpStatus: 500 } } });
    await details.closed;
  }));

test('an answered read or consume leaves no timer', async () => {
  const clock = createManualClock();
  await withAccount({ scenario: 'at-limit', clock }, async ({ read, consume }) => {
    await read({});
    await consume();
    expect(clock.openDelaysMs()).toEqual([]);
  });
});
