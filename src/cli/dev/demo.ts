import { parseArgs } from 'node:util';
import { v4 as uuid } from 'uuid';
import type { AccountClient } from '../../client/account-client.js';
import { ConnectionError } from '../../client/connection/errors.js';
import { createDevHome } from '../../dev-backend/home.js';
import { startDevBackend } from '../../dev-backend/server.js';
import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../../protocol/schema/rate-limits.js';
import { systemClock } from '../../util/clock.js';
import { safeLine } from '../../util/text/safe-text.js';
import { createCommandClient } from '../command-client.js';
import type { DemoIo } from '../io.js';
import { type TextStyle, textStyleFor } from '../terminal/text-style.js';
import { removeHome } from './remove-home.js';
import { cannotWrite, isGone, printAll } from '../terminal/print.js';
import { usageReport } from '../usage/report.js';
import { usageView } from '../usage/view/view.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import { wrongUse } from '../wrong-use.js';

const helpText = `Usage: codex-account-server demo [--raw]

Reads the limits and redeems a credit against an embedded backend, with the
server as a child process. Needs no account and leaves nothing behind.

  --raw        show the lines of the protocol too
  -h, --help   show this help

Exit codes: 0 all went as it should; 1 it did not, or was stopped;
2 wrong usage.
`;

/**
 * Reads the limits and redeems a credit against the embedded backend, with the server as a child process. Removes
 * everything it has created.
 *
 * @returns the exit code: 0 if the outcomes were `reset` and `alreadyRedeemed` and the use of both windows went down; 1 if not, or
 * if it was stopped; 2 for wrong usage
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
  if (options.help) return printAll('demo', helpText, io);
  let writeError: Error | undefined;
  io.stdout.on('error', (error: Error) => {
    // After the reader of `demo | head -1` has gone, the demo still runs to its end.
    if (!isGone(error)) writeError = error;
  });
  const writeLine = (text: string): void => {
    io.stdout.write(`${text}\n`);
  };

  warnAboutTimeZone(io);
  const backend = await startDevBackend({ scenario: 'at-limit' });
  const home = createDevHome({ backendUrl: backend.url });
  writeLine(`Embedded backend on ${backend.url}, with an account at its limit.`);
  let client: AccountClient | undefined;
  try {
    client = createCommandClient(
      { ...passedOn(io.env), HOME: home.path, CODEX_HOME: home.path },
      { clientInfo: { name: 'demo', title: 'Demo', version: '1.0.0' } },
      {
        onLine: (direction, line) => {
          if (options.raw) writeLine(`    ${direction === 'sent' ? '-->' : '<--'} ${safeLine(line)}`);
        },
      },
    );
    const work = redeem(client, writeLine, textStyleFor(io.stdout, io.env));
    const hasSucceeded = await Promise.race([work, io.untilStopped]);
    if (hasSucceeded === undefined) return 1;
    if (writeError) {
      io.stderr.write(cannotWrite('demo', writeError));
      return 1;
    }
    writeLine(
      hasSucceeded ? '\nThe demo succeeded.' : '\nThe demo failed: these are not the expected results.',
    );
    return hasSucceeded ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    io.stderr.write(`Error: ${safeLine(error.message)}\n`);
    return 1;
  } finally {
    await client?.close();
    await backend.close();
    await removeHome(home, 'demo', { clock: systemClock, stderr: io.stderr });
  }
}

/** Returns the variables that find programs and the cache of compiled code, and those for node. */
function passedOn({ PATH, LOCALAPPDATA, SYSTEMROOT, NODE_OPTIONS }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH, LOCALAPPDATA, SYSTEMROOT, NODE_OPTIONS };
}

async function redeem(
  client: AccountClient,
  writeLine: (text: string) => void,
  textStyle: TextStyle,
): Promise<boolean> {
  writeLine('\n1. initialize');
  const { userAgent } = await client.serverInfo();
  writeLine(`   ${safeLine(userAgent)}`);

  writeLine('\n2. account/rateLimits/read');
  const before = await client.request('account/rateLimits/read', {});
  showLimits(before, writeLine, textStyle);

  const idempotencyKey = uuid();
  writeLine(`\n3. account/rateLimitResetCredit/consume, new key ${idempotencyKey}`);
  const first = await client.request('account/rateLimitResetCredit/consume', { idempotencyKey });
  writeLine(`   outcome: ${first.outcome}`);

  writeLine('\n4. the same key again, as a retry would');
  const second = await client.request('account/rateLimitResetCredit/consume', { idempotencyKey });
  writeLine(`   outcome: ${second.outcome}`);

  writeLine('\n5. account/rateLimits/read');
  const after = await client.request('account/rateLimits/read', {});
  showLimits(after, writeLine, textStyle);
  return (
    first.outcome === 'reset' &&
    second.outcome === 'alreadyRedeemed' &&
    wentDown(before.rateLimits, after.rateLimits)
  );
}

function showLimits(
  read: GetAccountRateLimitsResponse,
  writeLine: (text: string) => void,
  textStyle: TextStyle,
): void {
  const nowMs = Date.now();
  const indented = { ...textStyle, columns: textStyle.columns - indent.length };
  for (const line of usageView(usageReport(read, nowMs), nowMs, indented))
    writeLine(`${indent}${line}`.trimEnd());
}

const indent = '   ';

function wentDown(before: RateLimitSnapshot, after: RateLimitSnapshot): boolean {
  return (['primary', 'secondary'] as const).every(
    (slot) => (after[slot]?.usedPercent ?? 100) < (before[slot]?.usedPercent ?? 0),
  );
}
