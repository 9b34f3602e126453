import { parseArgs } from 'node:util';
import { v4 as uuid } from 'uuid';
import { type Connection, connectToServer } from '../client/connection.js';
import { createDevHome } from '../dev-backend/home.js';
import { startDevBackend } from '../dev-backend/server.js';
import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../protocol/rate-limits.js';
import type { DemoIo } from './io.js';
import { type Look, lookFor } from './look.js';
import { cannotWrite, isGone, printAll } from './print.js';
import { usageReport } from './usage-report.js';
import { usageView } from './usage-view.js';
import { wrongUse } from './wrong-use.js';

const usage = 'Usage: codex-account-server demo [--raw]\n\n  --raw   show the lines of the protocol too\n';

/**
 * Reads the limits and redeems a credit against the embedded backend, with the server as a child process.
 * Resolves with 0 only if the outcomes were `reset`, then `alreadyRedeemed`, and the windows went down; 1 if not, or if it
 * was stopped; 2 for wrong use. It leaves nothing behind.
 */
export async function runDemo(args: readonly string[], io: DemoIo): Promise<number> {
  let options: { raw?: boolean; help?: boolean };
  try {
    options = parseArgs({
      args: [...args],
      options: { raw: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    io.stderr.write(wrongUse('demo', error));
    return 2;
  }
  if (options.help) return printAll('demo', usage, io);
  let unwritten: Error | undefined;
  io.stdout.on('error', (error: Error) => {
    // Behind `demo | head -1` it goes on to its end.
    if (!isGone(error)) unwritten = error;
  });
  const say = (text: string): void => {
    io.stdout.write(`${text}\n`);
  };

  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  say(`Embedded backend on ${backend.url}, an account at its limit.`);
  const connection = connectToServer({
    command: process.execPath,
    args: [process.argv[1] ?? '', 'app-server'],
    environment: { PATH: io.env.PATH, HOME: home.path, CODEX_HOME: home.path },
    // Ctrl-C is for us to answer.
    isDetached: true,
    onLine: (direction, line) => {
      if (options.raw) say(`    ${direction === 'sent' ? '-->' : '<--'} ${line}`);
    },
  });
  try {
    const work = redeem(connection, say, lookFor(io.stdout, io.env));
    const isGood = await Promise.race([work, io.untilStopped]);
    if (isGood === undefined) return 1;
    if (unwritten) {
      io.stderr.write(cannotWrite('demo', unwritten));
      return 1;
    }
    say(isGood ? '\nAll as it should be.' : '\nThis is not what should have happened.');
    return isGood ? 0 : 1;
  } finally {
    await connection.close();
    await backend.close();
    home.remove();
  }
}

async function redeem(connection: Connection, say: (text: string) => void, look: Look): Promise<boolean> {
  say('\n1. initialize');
  const { userAgent } = await connection.request('initialize', {
    clientInfo: { name: 'demo', title: 'Demo', version: '1.0.0' },
  });
  await connection.notify('initialized');
  say(`   ${userAgent}`);

  say('\n2. account/rateLimits/read');
  const before = await connection.request('account/rateLimits/read', {});
  showLimits(before, say, look);

  const idempotencyKey = uuid();
  say(`\n3. account/rateLimitResetCredit/consume, new key ${idempotencyKey}`);
  const first = await connection.request('account/rateLimitResetCredit/consume', { idempotencyKey });
  say(`   outcome: ${first.outcome}`);

  say('\n4. the same key again, as a retry would');
  const second = await connection.request('account/rateLimitResetCredit/consume', { idempotencyKey });
  say(`   outcome: ${second.outcome}`);

  say('\n5. account/rateLimits/read');
  const after = await connection.request('account/rateLimits/read', {});
  showLimits(after, say, look);
  return (
    first.outcome === 'reset' &&
    second.outcome === 'alreadyRedeemed' &&
    wentDown(before.rateLimits, after.rateLimits)
  );
}

function showLimits(read: GetAccountRateLimitsResponse, say: (text: string) => void, look: Look): void {
  const nowMs = Date.now();
  const indented = { ...look, columns: look.columns - indent.length };
  for (const line of usageView(usageReport(read, nowMs), nowMs, indented)) say(`${indent}${line}`.trimEnd());
}

const indent = '   ';

function wentDown(before: RateLimitSnapshot, after: RateLimitSnapshot): boolean {
  return (['primary', 'secondary'] as const).every(
    (slot) => (after[slot]?.usedPercent ?? 100) < (before[slot]?.usedPercent ?? 0),
  );
}
