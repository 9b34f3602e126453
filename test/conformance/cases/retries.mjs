import { usageBody } from '../backend.mjs';
import { consume, readLimits } from '../methods.mjs';
import { requestLine } from '../server-process.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const consumption = 'rate-limit-reset-credits/consume';
const nudge = 'accounts/send_add_credits_nudge_email';
const unavailable = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'later' };

/** Responds with these replies in turn, and with the last one after that. */
function inTurn(backend, resource, replies) {
  const rest = [...replies];
  backend.replies[resource] = (_request, response) => {
    const { status = 200, headers = {}, body = '' } = rest.length > 1 ? rest.shift() : rest[0];
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const outcomeOf = ({ error, outcome, rateLimits, status }) =>
  error
    ? [error.message.replace(/^.* failed: /, ''), error.data ?? null]
    : (outcome ?? status ?? rateLimits.planType);

export default [
  {
    name: 'a read is sent up to three times after 502, 503 and 504, once after any other status',
    promise: 'Retries: A request is repeated after a refused or lost connection, after 502, 503 and 504',
    departure: 'D13',
    run: async ({ open, backend }) => {
      const server = await open();
      const seen = {};
      const good = { body: usageBody };
      const rounds = {
        passes: [unavailable, { ...unavailable, status: 502 }, good],
        gateway: [{ ...unavailable, status: 504 }, good],
        stays: [unavailable],
        fault: [{ ...unavailable, status: 500 }, good],
        slow: [{ ...unavailable, status: 429, headers: { 'retry-after': '60' } }],
      };
      for (const [name, replies] of Object.entries(rounds)) {
        inTurn(backend, 'usage', replies);
        const before = backend.requests.length;
        const answer = outcomeOf(await server.ask(readLimits, usageOnly));
        seen[name] = [answer, backend.requests.length - before];
      }
      return seen;
    },
  },
  {
    name: 'a consume is repeated with its own key, a nudge never',
    promise: 'Automatic retries: consume, with the same key',
    departure: 'D13',
    run: async ({ open, backend }) => {
      const server = await open();
      inTurn(backend, consumption, [unavailable, { body: { code: 'reset' } }]);
      const consumed = outcomeOf(await server.ask(consume, { idempotencyKey: 'key', creditId: 'credit' }));
      inTurn(backend, nudge, [unavailable, { body: {} }]);
      const nudged = outcomeOf(
        await server.ask('account/sendAddCreditsNudgeEmail', { creditType: 'credits' }),
      );
      return { consumed, nudged, sent: backend.requests.map(({ resource, body }) => [resource, body]) };
    },
  },
  {
    name: 'until a Retry-After has passed, reads are refused unsent, and a consume is sent',
    promise:
      'Pauses after a 429: further reads of that endpoint with that login are not sent until it has passed',
    departure: 'D13',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies.usage = { status: 429, headers: { 'retry-after': '60' }, body: {} };
      const first = await server.ask(readLimits, usageOnly);
      backend.replies.usage = { body: usageBody };
      const second = await server.ask(readLimits, usageOnly);
      const consumed = await server.ask(consume, { idempotencyKey: 'key' });
      const left = second.error?.data?.retryAfterMs;
      return {
        isSameText: first.error.message === second.error?.message,
        kind: second.error?.data?.kind ?? null,
        isLess: left > 0 && left <= 60_000,
        consumed,
        sent: backend.seen(),
      };
    },
  },
  {
    name: 'equal reads at the same time share one fetch, equal consumes one request',
    promise: 'Order and concurrency: Equal reads at the same time share one fetch.',
    departure: 'D12',
    run: async ({ open, backend }) => {
      const server = await open();
      const releaseUsage = backend.hold('usage');
      const releaseConsume = backend.hold(consumption);
      const attempt = (idempotencyKey) => JSON.stringify({ idempotencyKey, creditId: 'credit' });
      server.send(
        ...['one', 'two'].map((id) => requestLine(id, readLimits, JSON.stringify(usageOnly))),
        ...['three', 'four'].map((id) => requestLine(id, consume, attempt('key'))),
        requestLine('five', consume, attempt('other')),
      );
      await Promise.all([backend.asked('usage'), backend.asked(consumption)]);
      releaseUsage();
      releaseConsume();
      const answers = await Promise.all(
        ['one', 'two', 'three', 'four', 'five'].map((id) => server.answer(id)),
      );
      return {
        answers: answers.map(({ result, error }) => outcomeOf(result ?? { error })),
        sent: backend.seen(),
      };
    },
  },
  {
    name: 'after an unclear attempt no later error with that key has outcomeKnown true',
    promise:
      'account/rateLimitResetCredit/consume: no later error of that server says `outcomeKnown: true` for it',
    run: async ({ open, backend }) => {
      const server = await open();
      const replies = {
        unclear: { status: 500, body: {} },
        refused: { status: 400, body: {} },
        redeemed: { body: { code: 'reset' } },
        refusedAgain: { status: 400, body: {} },
      };
      const seen = {};
      for (const [name, reply] of Object.entries(replies)) {
        backend.replies[consumption] = reply;
        seen[name] = await server.ask(consume, { idempotencyKey: 'key' });
      }
      backend.replies[consumption] = replies.refused;
      return { ...seen, otherKey: await server.ask(consume, { idempotencyKey: 'other' }) };
    },
  },
];
