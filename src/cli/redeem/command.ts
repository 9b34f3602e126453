import { RedemptionError } from '../../client/library.js';
import { codexHomeOf } from '../environment.js';
import { cannotWrite, print } from '../terminal/print.js';
import type { RedeemIo } from '../io.js';
import { readRedeemArguments, type RedeemChoice, redeemHelp } from './arguments.js';
import { abandonOnce } from './abandon.js';
import { showHistory } from './history.js';
import { redeemOnce } from './once.js';
import { reportFailure } from './output.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import { withClient } from './with-client.js';
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
    codexHome = codexHomeOf(io.env);
  } catch (error) {
    return reportFailure(error, choice.isJson, io);
  }
  try {
    return await runIn(codexHome, choice, io);
  } catch (error) {
    if (error instanceof RedemptionError) return reportFailure(error, choice.isJson, io);
    throw error;
  }
}

async function runIn(codexHome: string, choice: RedeemChoice, io: RedeemIo): Promise<number> {
  switch (choice.kind) {
    case 'history':
      return showHistory(codexHome, choice.isJson, io);
    case 'evidence':
      return (await import('./evidence.js')).showEvidence(codexHome, choice, io);
    case 'rules':
      return (await import('./rule/rules.js')).showRules(codexHome, choice, io);
    case 'revoke':
      return (await import('./rule/rules.js')).revokeRules(codexHome, choice, io);
    case 'dryRun':
      return (await import('./rule/dry-run.js')).dryRun(codexHome, choice, io);
    case 'rule':
      return (await import('./rule/run.js')).runRule(codexHome, choice, io);
    case 'abandon':
      return withClient(io, (client, signal) => abandonOnce(client, choice, io, signal));
    case 'redeem':
      return withClient(io, (client, signal) => redeemOnce(client, choice, { io, codexHome }, signal));
  }
}
