// A server command with the habits of codex, or with a bad one: `node stand-in.mjs HABIT [FILE]`.
// Each start adds a byte to FILE, so that a habit may be one of the first start only.
import { appendFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [habit, file] = process.argv.slice(2);
if (file) appendFileSync(file, '.');
const isFirstStart = !file || statSync(file).size === 1;

const version = habit === 'oldVersion' ? '0.120.0' : '0.169.0';
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const tell = (method, params) => send({ method, params, emittedAtMs: Date.now() });
const limits = (usedPercent) => ({
  rateLimits: { limitId: 'codex', primary: { usedPercent, windowDurationMins: 300, resetsAt: null } },
});

const held = [];

/** What it answers to a request; the habit decides when, and whether. */
function resultOf({ method, params }) {
  if (method === 'initialize' && habit === 'otherShape') return { protocolVersion: '2024-11-05' };
  if (method === 'initialize') {
    return {
      userAgent: `me/${version} (Linux; x86_64) me`,
      codexHome: '/none',
      platformFamily: 'unix',
      platformOs: 'linux',
    };
  }
  if (method === 'account/rateLimits/read') return limits(params.supportsLunaReserve ? 1 : 2);
  return { received: params };
}

function onRequest(request) {
  const { id, method } = request;
  const answer = { id, result: resultOf(request) };
  if (method === 'initialize') {
    if (habit === 'refuses') send({ error: { code: -32600, message: 'not now' }, id });
    else if (habit !== 'silent') send(answer);
    tell('configWarning', { summary: 'none' });
    return;
  }
  if (habit === 'garbage') process.stdout.write('Segmentation fault\n');
  else if (habit === 'noMessage') send([answer]);
  else if (habit === 'dies' && isFirstStart)
    process.stdout.write(JSON.stringify(answer).slice(0, 9), () => process.exit(3));
  else if (habit === 'late' && !held.isFull) {
    held.isFull = held.push(answer) > 0;
    tell('received', {});
  } else if (habit === 'late') for (const each of [...held.splice(0), answer]) send(each);
  else if (habit === 'twice' && isFirstStart) process.stdout.write(`${JSON.stringify(answer)}\n`.repeat(2));
  else if (habit === 'fails') send({ error: { code: -32603, message: 'failed to fetch' }, id });
  else if (habit === 'asks')
    (tell('none', {}),
      send({
        id: 'ask-1',
        method: 'account/chatgptAuthTokens/refresh',
        params: { reason: 'unauthorized', previousAccountId: 'a' },
      }));
  else if (habit === 'codex') {
    // Two at a time, the second one first, with news in between.
    held.push(answer);
    if (held.length < 2) return;
    for (const each of held.splice(0).reverse()) {
      send(each);
      tell('account/rateLimits/updated', limits(50));
    }
  } else send(answer);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method && message.id !== undefined) onRequest(message);
    else if (message.id === 'ask-1') tell('answered', message);
  })
  .on('close', () => {
    if (habit === 'codex') setTimeout(() => process.exit(0), 1_500);
    else if (habit !== 'stays') process.exit(0);
  });
if (habit === 'stays') {
  process.on('SIGTERM', () => tell('stays', {}));
  setInterval(() => undefined, 1_000);
}
