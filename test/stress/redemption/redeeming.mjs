// A process that redeems with the library. It reads orders from stdin and writes reports to stdout, as lines of JSON.
// It can be stopped at each use of its clock, that is, before and after each request, record and pause.
import childProcess from 'node:child_process';
import { readSync, writeFileSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createInterface } from 'node:readline';

if (process.platform === 'win32') recordServers();

const { createClient } = await import(process.argv[2]);

let client;
let uses = 0;
let stops = [];

const actions = {
  async open({ environment, args }) {
    await client?.close({ graceMs: 0, termMs: 0 });
    client = createClient({
      clientInfo: { name: 'redeeming', version: '1.0.0' },
      env: environment,
      args,
      clock,
      maxRetries: 1,
    });
  },
  async read() {
    await client.request('account/rateLimits/read');
    return client.lastRead();
  },
  redeem: async (given) => stateOf(await client.redeem(given)),
  resume: async (given) => stateOf(await client.resumeRedemption(given)),
  abandon: async (given) => stateOf(await client.abandonRedemption(given)),
  skip({ timeMs }) {
    skippedMs += timeMs;
  },
  list: () => client.redemptions(),
};

/** Keeps the process id of the newest server in a file: Windows does not list the children of a process. */
function recordServers() {
  const { spawn } = childProcess;
  childProcess.spawn = (...words) => {
    const child = spawn(...words);
    writeFileSync(`${process.env.MOVED_CLOCK}.${process.pid}`, String(child.pid));
    return child;
  };
  syncBuiltinESMExports();
}

function stateOf(result) {
  return result?.redemption?.state ?? result?.state ?? 'nothing';
}

/** Time that has passed for the monotonic clock only. */
let skippedMs = 0;

/**
 * Pauses and the wait for the lock take a third of their time; the time limits of requests are longer than 5 s. The pause
 * before an attempt is abandoned is longer than these, and takes no time.
 */
const clock = {
  nowMs() {
    stopIfDue();
    return Date.now();
  },
  monotonicMs() {
    stopIfDue();
    return performance.now() + skippedMs;
  },
  after(delayMs, callback) {
    stopIfDue();
    const timer = setTimeout(callback, realDelayMs(delayMs));
    return () => {
      stopIfDue();
      clearTimeout(timer);
    };
  },
};

function realDelayMs(delayMs) {
  if (delayMs > 30_000) return 0;
  return delayMs <= 5_000 ? delayMs / 3 : delayMs;
}

/** Blocks this process until the lab lets it go on. */
function stopIfDue() {
  uses += 1;
  if (!stops.includes(uses)) return;
  report({ stop: uses });
  readSync(3, Buffer.alloc(1));
}

function report(message) {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { action, given, stops: wanted } = JSON.parse(line);
  uses = 0;
  stops = wanted;
  try {
    report({ result: (await actions[action](given)) ?? null, uses });
  } catch (error) {
    report({ error: { name: error.name, kind: error.kind ?? null, message: error.message }, uses });
  }
}
await client?.close({ graceMs: 0, termMs: 0 });
