// Brings the built server into a state, ends it, and reports the result.
import { setTimeout as pause } from 'node:timers/promises';
import { createDevHome } from '../../../.build/dev-backend/home.js';
import { startDevBackend } from '../../../.build/dev-backend/server.js';
import { startServer, startServerUnderParent } from './server-process.mjs';

/**
 * The time that the backend takes to respond, in milliseconds. It is longer than any end takes to come, and than a
 * server that gives up takes for its last responses.
 */
const backendMs = 800;
const maxWaitMs = 15_000;

const initialize = {
  id: 'initialize',
  method: 'initialize',
  params: { clientInfo: { name: 'ends', version: '1' } },
};
const read = {
  id: 'read',
  method: 'account/rateLimits/read',
  params: { excludeResetCreditDetails: true },
};
/** A request that is refused at once. Its response shows that everything before it has been read. */
const probe = { id: 'probe', method: 'nope' };

function consume(key) {
  return {
    id: key,
    method: 'account/rateLimitResetCredit/consume',
    params: { idempotencyKey: key },
  };
}

const queued = [
  consume('first'),
  ...Array.from({ length: 99 }, (_, id) => ({ id, method: 'getAuthStatus', params: {} })),
  consume('last'),
  probe,
];

/**
 * The states of a server. `requests` are sent in one write. The state is reached when the backend has the requests
 * `inFlight`, and the `quick` ones are answered.
 */
const states = {
  'before initialize': { requests: [probe], quick: 1 },
  idle: { requests: [initialize], quick: 1 },
  'read in flight': { requests: [initialize, read], quick: 1, inFlight: 'usage' },
  'consume in flight': { requests: [initialize, consume('first')], quick: 1, inFlight: 'consume' },
  '100 queued': { requests: [initialize, ...queued], quick: 2, inFlight: 'consume' },
  'consume hangs': {
    requests: [initialize, consume('first')],
    quick: 1,
    inFlight: 'consume',
    isHanging: true,
  },
  'just read': { requests: [initialize, read], quick: 2, inFlight: 'usage', delayMs: 0 },
  'just written': { requests: [initialize, read, consume('first')], quick: 0 },
};

/** The ways to end the server. */
const ends = {
  'end of input': (server) => server.stdin.end(),
  SIGTERM: (server) => server.kill('SIGTERM'),
  'SIGTERM twice': async (server) => {
    server.kill('SIGTERM');
    await pause(100);
    server.kill('SIGTERM');
  },
  SIGINT: (server) => server.kill('SIGINT'),
  SIGHUP: (server) => server.kill('SIGHUP'),
  'stdout closed': (server) => {
    server.stdout.destroy();
    // The server notices a broken pipe with its next response.
    server.stdin.write(lines([probe]));
  },
  'parent killed': (server) => server.killParent(),
};

/** The pairs to test: the first five states with every end, the others with some. */
export const rows = [
  ...Object.keys(ends).flatMap((end) =>
    Object.keys(states)
      .slice(0, 5)
      .map((state) => ({ end, state })),
  ),
  { end: 'end of input', state: 'just read' },
  { end: 'SIGTERM', state: 'just read' },
  { end: 'end of input', state: 'just written' },
  ...['SIGTERM twice', 'SIGINT', 'SIGHUP'].map((end) => ({ end, state: 'consume hangs' })),
];

/** @see run-end.d.mts */
export async function runEnd(end, state) {
  const { requests, quick, inFlight, isHanging = false, delayMs = backendMs } = states[state];
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const counts = { usage: { sent: 0, finished: 0 }, consume: { sent: 0, finished: 0 } };
  for (const endpoint of ['usage', 'consume']) {
    backend.script(endpoint, (_request, response) => {
      counts[endpoint].sent += 1;
      response.once('finish', () => {
        counts[endpoint].finished += 1;
      });
      if (!isHanging) setTimeout(() => response.end('{"code":"reset"}'), delayMs);
      return 'handled';
    });
  }
  const home = createDevHome({ backendUrl: backend.url });
  const environment = { PATH: process.env.PATH, CODEX_HOME: home.path, HOME: home.path };
  const server = await (end === 'parent killed' ? startServerUnderParent : startServer)(environment);
  let output = '';
  server.stdout.on('data', (text) => {
    output += text;
  });
  // Killing the server breaks its pipes.
  server.stdin.on('error', () => undefined);
  server.stdout.on('error', () => undefined);
  try {
    server.stdin.write(lines(requests));
    await until(() => output.split('\n').length > quick && (!inFlight || counts[inFlight].sent > 0));
    const startMs = performance.now();
    await ends[end](server);
    const exit = await Promise.race([
      server.exited,
      pause(maxWaitMs, `still there after ${maxWaitMs} ms`, { ref: false }),
    ]);
    const ms = Math.round(performance.now() - startMs);
    const answers = output.split('\n').slice(0, -1);
    const isEveryAnswerWhole = output === '' || output.endsWith('\n');
    return {
      end,
      state,
      exit,
      ms,
      answers: answers.filter(isAnswer).length,
      requests: requests.length,
      refused: answers.filter((line) => line.includes('"kind":"shuttingDown"')).length,
      reads: `${counts.usage.finished}/${counts.usage.sent}`,
      consumes: `${counts.consume.finished}/${counts.consume.sent}`,
      isEveryAnswerWhole,
    };
  } finally {
    server.kill('SIGKILL');
    await backend.close();
    home.remove();
  }
}

function isAnswer(line) {
  const { id, result, error } = JSON.parse(line);
  return id !== undefined && (result !== undefined || error !== undefined);
}

function lines(messages) {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

async function until(isReached) {
  const deadlineMs = performance.now() + maxWaitMs;
  while (!isReached()) {
    if (performance.now() > deadlineMs) throw new Error('the server did not get ready');
    await pause(5);
  }
}
