import { systemClock } from '../util/clock.js';
import { watchTerminals } from './lost-terminal.js';
import { runRedeem } from './redeem.js';
import { untilSignalled } from './until-signalled.js';

/** Runs `redeem`; resolves with the exit code, with which the process then exits at once. */
export async function runRedeemCommand(args: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const closeLostTerminals = watchTerminals();
  const world = { clock: systemClock, untilStopped: untilSignalled };
  const exitCode = await runRedeem(args, { stdin, stdout, stderr, env, ...world });
  closeLostTerminals();
  return exitCode;
}
