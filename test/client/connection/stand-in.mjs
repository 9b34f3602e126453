// A server that behaves as codex does or has one fault, its habit. Usage: `node stand-in.mjs HABIT [FILE]`.
// Each start adds a byte to FILE, so that a habit can differ between the first start and later ones.
import { appendFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [habit, file] = process.argv.slice(2);
if (file) appendFileSync(file, '.');
const isFirstStart = !file || statSync(file).size === 1;

if (habit === 'startsOnce' && !isFirstStart) process.exit(1);

const version = habit === 'oldVersion' ? '0.120.0' : '0.171.0';
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const notify = (method, params) => send({ method, params, emittedAtMs: Date.now() });
const window = { windowDurationMins: 300, resetsAt: null };
const limits = (usedPercent) => ({
  rateLimits: { limitId: 'codex', primary: { usedPercent, ...window }, secondary: null },
});
const held = [];
let reads = 0;
const consumed = [];
const limited = [];

/** Returns the result of a request. The habit decides whether and when it is sent. */
function resultOf({ method, params }) {
  if (method === 'initialize' && habit === 'otherShape') return { protocolVersion: '2024-11-05' };
  if (method === 'initialize') {
    return {
      userAgent: `me/${version} (Linux; x86_64) me`,
      codexHome: process.env.STAND_IN_HOME ?? '/none',
      platformFamily: 'unix',
      platformOs: 'linux',
    };
  }
  if (method === 'account/rateLimits/read') return limits(params.supportsLunaReserve ? 1 : 2);
  return { received: params };
}

/** The functions that answer a request, by habit. */
const habits = {
  /** Answers two requests at a time, the second one first, each followed by a notification. */
  codex(answer) {
    held.push(answer);
    if (held.length < 2) return;
    for (const each of held.splice(0).reverse()) {
      send(each);
      notify('account/rateLimits/updated', limits(50));
    }
  },
  garbage: () => process.stdout.write('Segmentation fault\n'),
  noMessage: (answer) => send([answer]),
  fails: ({ id }) => send({ error: { code: -32603, message: 'failed to fetch' }, id }),
  /** Exits in the middle of its first answer. */
  dies(answer) {
    if (isFirstStart) process.stdout.write(JSON.stringify(answer).slice(0, 9), () => process.exit(3));
    else send(answer);
  },
  /** Sends the first answer together with the second one. */
  late(answer) {
    held.push(answer);
    if (held.length === 1 && !isLate) notify('received', {});
    else for (const each of held.splice(0)) send(each);
    isLate = true;
  },
  twice: (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`.repeat(isFirstStart ? 2 : 1)),
  asks() {
    const params = { reason: 'unauthorized', previousAccountId: 'a' };
    send({ id: 'ask-1', method: 'account/chatgptAuthTokens/refresh', params });
  },
  /** Redeems as codex does: errors have no `data`, and `account/read` fails. */
  redeems(answer, { id, method, params }) {
    const isConsume = method === 'account/rateLimitResetCredit/consume';
    if (isConsume) consumed.push(params);
    if (isConsume) notify('consumed', params);
    const hasFailed = method === 'account/read' || (isConsume && consumed.length === 1);
    if (hasFailed) send({ error: { code: -32603, message: 'failed to fetch' }, id });
    else if (isConsume) send({ id, result: { outcome: 'alreadyRedeemed' } });
    else send({ id, result: { ...limits(consumed.length > 0 ? 0 : 50), accountId: 'account-a' } });
  },
  /** Each start is signed in to another account. The first one exits at its first consume. */
  forgets: (answer, request) =>
    redeemAsAccountOfStart(answer, request, 'account/rateLimitResetCredit/consume'),
  /** As `forgets`, but the first one exits after it has answered its second `account/read`. */
  forgetsEarly(answer, request) {
    if (request.method === 'account/read') reads += 1;
    redeemAsAccountOfStart(answer, request, reads === 2 ? 'account/read' : undefined);
  },
  /** Redeems, and then refuses every read, as codex does when it is signed out. */
  signsOutAfter(answer, { id, method, params }) {
    redeemAsAccountOfStart(answer, { method, params });
    isSignedOut ||= method === 'account/rateLimitResetCredit/consume';
  },
  /** Redeems, and then answers nothing more and ends. */
  endsAfter(answer, { method, params }) {
    if (isEnding) return;
    redeemAsAccountOfStart(answer, { method, params }, undefined);
    isEnding = method === 'account/rateLimitResetCredit/consume';
    if (isEnding) setTimeout(() => process.exit(3), 0);
  },
  /** Never answers `account/read`. */
  keepsUser(answer, { id, method }) {
    if (method === 'account/rateLimitResetCredit/consume') notify('consumed', {});
    if (method !== 'account/read') send({ id, result: { ...limits(50), accountId: 'account-a' } });
  },
  /** Never answers `account/rateLimits/unwatch`. */
  keepsWatching(answer, { method }) {
    if (method !== 'account/rateLimits/unwatch') send(answer);
  },
  /**
   * Answers its n-th read with n %. The first one exits during its watch. Later ones report a change, and more during
   * the read that follows.
   */
  counts(answer, { id, method }) {
    if (method === 'account/rateLimits/read') {
      reads += 1;
      if (reads === 2)
        for (let count = 0; count < 3; count += 1) notify('account/rateLimits/updated', limits(50));
      send({ id, result: limits(reads) });
    } else if (method === 'account/usage/read') send({ id, result: { reads } });
    else send(answer);
    if (method !== 'account/rateLimits/watch') return;
    if (isFirstStart) setTimeout(() => process.exit(3), 10);
    else notify('account/rateLimits/updated', limits(50));
  },
  /** Reports the change to 50 % twice: the second report comes during the read that follows the first one. */
  reportsTwice(answer, { id, method }) {
    const isRead = method === 'account/rateLimits/read';
    if (isRead) reads += 1;
    const isReported = method === 'account/rateLimits/watch' || (isRead && reads === 2);
    if (isReported) notify('account/rateLimits/updated', limits(50));
    send(isRead ? { id, result: limits(reads === 1 ? 1 : 50) } : answer);
    if (isRead && reads === 3) notify('readAgain', {});
  },
  /** Fails its second read, which follows the report of a change. `account/usage/read` makes it report another one. */
  failsOnce(answer, { id, method }) {
    if (method === 'account/rateLimits/read') {
      reads += 1;
      if (reads === 2) send({ id, error: { code: -32603, message: 'failed to fetch' } });
      else send({ id, result: limits(reads) });
      if (reads === 2) notify('readFailed', {});
    } else send(answer);
    const reports = ['account/rateLimits/watch', 'account/usage/read'];
    if (reports.includes(method)) notify('account/rateLimits/updated', limits(50));
  },
  /** Is asked too often by its second read and its second watch. It exits after its first watch. */
  isLimited(answer, { id, method }) {
    const isWatch = method === 'account/rateLimits/watch';
    if (!isFirstStart) limited.push(method);
    if (!isFirstStart && limited.filter((each) => each === method).length === 1) {
      const data = { kind: 'rateLimited', retryAfterMs: 1_767_225_600_000 };
      send({ id, error: { code: -32603, message: 'too often', data } });
      return;
    }
    send(answer);
    if (isWatch && isFirstStart) setTimeout(() => process.exit(3), 10);
    if (isWatch && !isFirstStart) notify('watching', limited);
  },
  /** Is out of credits at its first read, fails at its second one, and is allowed from then on. */
  blocks(answer, { id, method }) {
    reads += method === 'account/rateLimits/read' ? 1 : 0;
    const isDepleted = { rateLimitReachedType: 'workspace_member_credits_depleted' };
    if (reads === 2) send({ id, error: { code: -32603, message: 'failed to fetch' } });
    else if (reads === 1) send({ id, result: { rateLimits: { ...limits(50).rateLimits, ...isDepleted } } });
    else send({ id, result: { ...limits(50), ordinaryUsageAllowed: true } });
  },
  /** Fails at its first two reads. */
  failsFirst(answer, { id, method }) {
    reads += method === 'account/rateLimits/read' ? 1 : 0;
    const hasFailed = method === 'account/rateLimits/read' && reads <= 2;
    if (hasFailed) send({ id, error: { code: -32603, message: 'failed to fetch' } });
    else if (method === 'account/rateLimits/read') send({ id, result: limits(50) });
    else send(answer);
  },
  /** Reports that its watch fails, and then a change. */
  failsToWatch(answer, { method }) {
    send(answer);
    if (method !== 'account/rateLimits/watch') return;
    notify('account/rateLimits/watchFailed', {
      kind: 'rateLimited',
      retryAfterMs: 30_000,
      nextReadAt: 1_767_225_720,
    });
    notify('account/rateLimits/updated', limits(50));
  },
  /** Is signed out. */
  signedOut: (answer, { id }) =>
    send({ id, error: { code: -32600, message: 'codex account authentication required' } }),
  /** Reports the interval of each watch, and when it stops. */
  reportsInterval(answer, { method, params }) {
    send(answer);
    if (method === 'account/rateLimits/watch') notify('watching', params);
    if (method === 'account/rateLimits/unwatch') notify('watching', null);
  },
  /** The first one exits after two watches. Later ones refuse to watch. */
  watchesOnce(answer, { id, method }) {
    if (method !== 'account/rateLimits/watch') send(answer);
    else if (!isFirstStart) send({ id, error: { code: -32600, message: 'no such method' } });
    else {
      send(answer);
      held.push(answer);
      if (held.length === 2) process.exit(3);
    }
  },
  /** Exits during its watch, and exits at once if it is started again. */
  startsOnce(answer, { method }) {
    send(answer);
    if (method === 'account/rateLimits/watch') setTimeout(() => process.exit(3), 10);
  },
};
let isLate = false;
let isSignedOut = false;
let isEnding = false;

function redeemAsAccountOfStart({ id }, { method, params }, fatal) {
  const isConsume = method === 'account/rateLimitResetCredit/consume';
  if (isConsume) notify('consumed', params);
  if (isSignedOut)
    return send({ id, error: { code: -32600, message: 'codex account authentication required' } });
  const last = isFirstStart && method === fatal ? () => process.exit(3) : () => undefined;
  const accountId = isFirstStart ? 'account-memory' : 'account-stored';
  const result = isConsume ? { outcome: 'reset' } : { ...limits(50), accountId, userId: null };
  if (isConsume && isFirstStart && fatal) last();
  else process.stdout.write(`${JSON.stringify({ id, result })}\n`, last);
}

function onRequest(request) {
  const answer = { id: request.id, result: resultOf(request) };
  if (request.method !== 'initialize') {
    (habits[habit] ?? send)(answer, request);
    return;
  }
  if (habit === 'refuses') send({ error: { code: -32600, message: 'not now' }, id: request.id });
  else if (habit !== 'silent') send(answer);
  notify('configWarning', { summary: 'none' });
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method && message.id !== undefined) onRequest(message);
    else if (message.id === 'ask-1') notify('answered', message);
  })
  .on('close', () => {
    if (habit === 'codex') setTimeout(() => process.exit(0), 1_500);
    else if (habit !== 'stays') process.exit(0);
  });
if (habit === 'stays') {
  process.on('SIGTERM', () => notify('stays', {}));
  setInterval(() => undefined, 1_000);
}
