import { createClient } from '../client/library.js';
import { packageVersion } from '../protocol/version.js';
import { serverIdentity } from './environment.js';
import { cannotWrite, print } from './print.js';
import { readRedeemArguments, type RedeemChoice } from './redeem-arguments.js';
import { RedeemStop } from './redeem-stop.js';
import { redeemHelp } from './redeem-help.js';
import { showHistory } from './redeem-history.js';
import type { RedeemIo } from './redeem-io.js';
import { redeemOnce } from './redeem-once.js';
import { tellFailure } from './redeem-output.js';
import { wrongUse } from './wrong-use.js';

/** Redeems a reset credit, or shows what was redeemed. Resolves with the exit code; `--help` says what it means. */
export async function runRedeem(args: readonly string[], io: RedeemIo): Promise<number> {
  // Who is gone shows in what is read and written.
  for (const stream of [io.stdin, io.stdout, io.stderr]) stream.on('error', () => undefined);
  let choice: RedeemChoice | null;
  try {
    choice = readRedeemArguments(args);
    if (choice) requireSomebody(choice, io);
  } catch (error) {
    await print(io.stderr, wrongUse('redeem', error));
    return 2;
  }
  try {
    if (choice) return await run(choice, io);
    await print(io.stdout, redeemHelp);
    return 0;
  } catch (error) {
    await print(io.stderr, cannotWrite('redeem', error));
    return 1;
  }
}

/** Nothing is redeemed that nobody has agreed to. @throws Error */
function requireSomebody(choice: RedeemChoice, { stdin, stdout, stderr }: RedeemIo): void {
  if (choice.kind === 'history' || choice.isAgreed) return;
  const screen = choice.isJson ? stderr : stdout;
  if (stdin.isTTY && screen.isTTY) return;
  throw new Error('there is no terminal to ask on; --yes redeems without asking');
}

async function run(choice: RedeemChoice, io: RedeemIo): Promise<number> {
  const { env: environment, clock } = io;
  try {
    // An unusable CODEX_HOME is told once, and not by the server.
    serverIdentity(environment);
  } catch (error) {
    return tellFailure(error, choice.isJson, io);
  }
  const stop = new AbortController();
  void io.untilStopped().then(() => stop.abort(new RedeemStop('interrupted')));
  const client = createClient({
    clientInfo: { name: 'codex-account-server', title: 'Codex account server', version: packageVersion },
    args: choice.kind === 'history' ? ['--read-only'] : [],
    environment,
    // Ctrl-C is for us to answer.
    isDetached: true,
    stderr: 'inherit',
    clock,
  });
  try {
    if (choice.kind === 'history') return await showHistory(client, choice, io);
    return await redeemOnce(client, choice, io, stop.signal);
  } finally {
    const closed = client.close();
    // The server finishes what was sent, and ends then, also without us.
    if (!stop.signal.aborted) await closed;
  }
}
