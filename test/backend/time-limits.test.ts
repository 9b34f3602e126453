import { expect, test } from 'vitest';
import type { Script } from '../../src/dev-backend/server.js';
import { withBench } from '../support/account-bench.js';

/** A clock whose timers never strike. */
const stoppedClock = { nowMs: () => Date.parse('2026-01-01T00:00:00Z'), after: () => () => undefined };

/** Never answers, or stops after the head and a part of the body. */
const silent: Script = () => 'handled';
const stuck: Script = (_request, response) => {
  response.write('{"code":');
  return 'handled';
};

/** Runs `script`; the promise resolves once its exchange has ended. */
function watched(script: Script): { script: Script; closed: Promise<void> } {
  let resolve: () => void = () => undefined;
  const closed = new Promise<void>((resolver) => {
    resolve = resolver;
  });
  return {
    closed,
    script: (request, response) => {
      response.once('close', resolve);
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
])('a usage reply that %s is given up when its time is over, and its connection closed', (_what, script) =>
  withBench({ timeLimits: { usageMs: 30 } }, async ({ backend, read }) => {
    const hanging = watched(script);
    backend.script('usage', hanging.script);
    expect(await read()).toEqual({
      error: { code: -32603, message: 'codex rate limits fetch timed out', data: { kind: 'timedOut' } },
    });
    await hanging.closed;
  }),
);

test.each([
  ['never begins', silent],
  ['never ends', stuck],
])('a consume whose reply %s is given up with its outcome unknown', (_what, script) =>
  withBench({ timeLimits: { consumeMs: 30 } }, async ({ backend, consume }) => {
    const hanging = watched(script);
    backend.script('consume', hanging.script);
    expect(await consume()).toEqual({
      error: {
        code: -32603,
        message: 'rate limit reset consume timed out',
        data: { kind: 'timedOut', outcomeKnown: false },
      },
    });
    await hanging.closed;
  }),
);

test.each([
  ['a status', { status: 500, body: '' }],
  ['no content', { status: 204 }],
  ['a redirect', { status: 302, headers: { location: '/' }, body: '' }],
  ['a body that is no object', { body: '[]' }],
])('details that fail with %s leave the count alone', (_what, reply) =>
  withBench({ scenario: 'at-limit' }, async ({ backend, read }) => {
    backend.script('credits', reply);
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 2, credits: null });
  }),
);

test('details whose connection is lost leave the count alone', () =>
  withBench({ scenario: 'at-limit' }, async ({ backend, read }) => {
    backend.script('credits', (_request, response) => {
      response.destroy();
      return 'handled';
    });
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 2, credits: null });
  }));

test('failed details without a count in the usage leave nothing', () =>
  withBench({}, async ({ backend, read }) => {
    backend.script('usage', { body: {} });
    backend.script('credits', { status: 404 });
    expect(resetCreditsOf(await read({}))).toEqual(null);
  }));

test.each([
  ['never begin', silent],
  ['never end', stuck],
])('details that %s are given up soon after the usage, and their connection closed', (_what, script) =>
  withBench({ scenario: 'at-limit', timeLimits: { detailsAfterUsageMs: 30 } }, async ({ backend, read }) => {
    const hanging = watched(script);
    backend.script('credits', hanging.script);
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 2, credits: null });
    await hanging.closed;
  }),
);

test('details that come after the usage, but in time, are taken', () =>
  withBench({ scenario: 'at-limit' }, async ({ backend, read }) => {
    const usage = watched(() => undefined);
    backend.script('usage', usage.script);
    backend.script('credits', (_request, response) => {
      void usage.closed.then(() => response.end('{"available_count":7,"credits":[]}'));
      return 'handled';
    });
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 7, credits: [] });
  }));

test('details that came before the usage are taken', () =>
  withBench({ scenario: 'at-limit', clock: stoppedClock }, async ({ backend, read }) => {
    const details = watched(() => ({ body: { available_count: 4, credits: [] } }));
    backend.script('credits', details.script);
    backend.script('usage', (_request, response) => {
      void details.closed.then(() => response.end('{}'));
      return 'handled';
    });
    expect(resetCreditsOf(await read({}))).toEqual({ availableCount: 4, credits: [] });
  }));

test('a failed usage answers at once while the details hang, and gives them up', () =>
  withBench({ clock: stoppedClock }, async ({ backend, read }) => {
    const details = watched(silent);
    backend.script('credits', details.script);
    backend.script('usage', { status: 500, body: '' });
    expect(await read({})).toMatchObject({ error: { data: { kind: 'backendStatus', httpStatus: 500 } } });
    await details.closed;
  }));
