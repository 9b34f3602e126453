import type { AccountClient, RedeemResult } from '../../client/library.js';
import type { RedeemIo } from '../io.js';
import { print } from '../terminal/print.js';
import type { RedeemChoice } from './arguments.js';
import { RedeemStop } from './failure.js';
import { reportFailure, writeReport } from './output.js';
import { redeemReport } from './report.js';

/** Gives up the open attempt, as `--abandon` asks. Resolves with the exit code. */
export async function abandonOnce(
  client: AccountClient,
  { reason, isJson }: Extract<RedeemChoice, { kind: 'abandon' }>,
  io: RedeemIo,
  signal: AbortSignal,
): Promise<number> {
  if (!isJson) await print(io.stderr, 'Reading the limits …\n');
  let end: RedeemResult;
  try {
    const given = await client.abandonRedemption({ reason, signal });
    if (!given) throw new RedeemStop('nothingOpen');
    end = given;
  } catch (error) {
    return reportFailure(error, isJson, io);
  }
  const report = redeemReport(end, io.clock.nowMs());
  await writeReport(report, { isJson, io, prompts: undefined });
  return 0;
}
