import { type AccountClient, claimOf } from '../../client/library.js';
import { listRedemptions } from '../../client/redemption/journal.js';
import { safeJson } from '../../util/safe-text.js';
import { createCommandClient } from '../command-client.js';
import { serverIdentity } from '../environment.js';
import { textStyleFor } from '../terminal/text-style.js';
import { cannotWrite, print } from '../terminal/print.js';
import type { RedeemIo } from '../io.js';
import { readRedeemArguments, type RedeemChoice, redeemHelp } from './arguments.js';
import { RedeemStop } from './failure.js';
import { abandonOnce } from './abandon.js';
import { redeemOnce } from './once.js';
import { reportFailure } from './output.js';
import { redeemHistory } from './report.js';
import { historyLines } from './view.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import { wrongUse } from '../wrong-use.js';

/** Redeems a reset credit, or shows past redemptions. Resolves with the exit code, which `--help` explains. */
export async function runRedeem(args: readonly string[], io: RedeemIo): Promise<number> {
  // A stream that fails is noticed by the next read or write.
  for (const stream of [io.stdin, io.stdout, io.stderr]) stream.on('error', () => undefined);
  let choice: RedeemChoice | null;
  try {
    choice = readRedeemArguments(args);
    if (choice) requireConsent(choice, io);
  } catch (error) {
    await print(io.stderr, wrongUse('redeem', error));
    return 2;
  }
  try {
    if (choice) warnAboutTimeZone(io);
    if (choice) return await run(choice, io);
    await print(io.stdout, redeemHelp);
    return 0;
  } catch (error) {
    await print(io.stderr, cannotWrite('redeem', error));
    return 1;
  }
}

/** @throws Error if the user has neither agreed with `--yes` nor can be asked */
function requireConsent(choice: RedeemChoice, { stdin, stdout, stderr }: RedeemIo): void {
  if (choice.kind !== 'redeem' || choice.isAgreed) return;
  const screen = choice.isJson ? stderr : stdout;
  if (stdin.isTTY && screen.isTTY) return;
  throw new Error('there is no terminal to ask on; --yes redeems without asking');
}

async function run(choice: RedeemChoice, io: RedeemIo): Promise<number> {
  let codexHome: string;
  try {
    // Checked here, so that the server does not report an unusable CODEX_HOME a second time.
    ({ codexHome } = serverIdentity(io.env));
  } catch (error) {
    return reportFailure(error, choice.isJson, io);
  }
  switch (choice.kind) {
    case 'history':
      return showHistory(codexHome, choice.isJson, io);
    case 'abandon':
      return withClient(io, (client, signal) => abandonOnce(client, choice, io, signal));
    case 'redeem':
      return withClient(io, (client, signal) => redeemOnce(client, choice, { io, codexHome }, signal));
  }
}

/** Shows past and open attempts. Resolves with 4 while an attempt is open. */
async function showHistory(codexHome: string, isJson: boolean, io: RedeemIo): Promise<number> {
  const nowMs = io.clock.nowMs();
  let redemptions: ReturnType<typeof listRedemptions>;
  try {
    redemptions = listRedemptions(codexHome, nowMs);
  } catch (error) {
    return reportFailure(error, isJson, io);
  }
  const history = redeemHistory(redemptions);
  const lines = isJson
    ? [safeJson(history, 2)]
    : historyLines(history, { nowMs, textStyle: textStyleFor(io.stdout, io.env) });
  await print(io.stdout, `${lines.join('\n')}\n`);
  return redemptions.some((each) => claimOf(each, nowMs) === 'repeat') ? 4 : 0;
}

/** Runs `work` with a client and a signal that the user's stop request aborts. */
async function withClient(
  io: RedeemIo,
  work: (client: AccountClient, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  void io.untilStopped().then(() => stop.abort(new RedeemStop('interrupted')));
  const client = createCommandClient(io.serverEnv, { clock: io.clock });
  try {
    return await work(client, stop.signal);
  } finally {
    const closed = client.close();
    // After a stop request the server finishes what was sent and then ends, even without this process.
    if (!stop.signal.aborted) await closed;
  }
}
