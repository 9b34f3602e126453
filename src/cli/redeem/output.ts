import type { RedeemFailure, RedeemReport } from '../../protocol/schema/reports/redeem-report.js';
import { safeJson } from '../../util/text/safe-text.js';
import { paint, textStyleFor } from '../terminal/text-style.js';
import { wrappedMessage } from '../terminal/wrapped-text.js';
import { print } from '../terminal/print.js';
import type { Prompts } from '../terminal/prompts.js';
import { failureExitCode, redeemFailure } from './failure.js';
import type { RedeemIo, OutputStream } from '../io.js';
import { outcomeLines } from './view.js';

export interface RedeemOutput {
  readonly isJson: boolean;
  readonly io: RedeemIo;
  /** Undefined if `--yes` was given. */
  readonly prompts: Prompts | undefined;
}

/** Writes the result on the terminal that asked for confirmation, if one did, and as JSON with `--json`. */
export async function writeReport(
  report: RedeemReport,
  { isJson, io, prompts }: RedeemOutput,
): Promise<void> {
  const { stdout, stderr, env, clock } = io;
  const screen = isJson ? stderr : stdout;
  const textStyle = textStyleFor(screen, env);
  const columns = prompts?.columns ?? textStyle.columns;
  const lines = outcomeLines(report, { nowMs: clock.nowMs(), textStyle: { ...textStyle, columns } });
  prompts?.close(lines);
  if (isJson) await print(stdout, `${safeJson(report, 2)}\n`);
  else if (!prompts) await print(stdout, `${lines.join('\n')}\n`);
}

export async function writeFailure(
  failure: RedeemFailure,
  { isJson, io, prompts }: RedeemOutput,
): Promise<void> {
  const { stdout, stderr, env } = io;
  const textStyle = textStyleFor(prompts && !isJson ? stdout : stderr, env);
  const lines = wrappedMessage(failure.error.message, prompts?.columns ?? textStyle.columns);
  prompts?.close(lines.map((line) => paint(failure.spent === 'no' ? 'yellow' : 'red', line, textStyle)));
  if (isJson) await print(stdout, `${safeJson(failure, 2)}\n`);
  else if (!prompts) await print(stderr, `${afterKey(failure, stderr)}${lines.join('\n')}\n`);
}

/** Reports an error from before anything was redeemed or asked. Resolves with the exit code. */
export async function reportFailure(error: unknown, isJson: boolean, io: RedeemIo): Promise<number> {
  const nowMs = io.clock.nowMs();
  const textStyle = textStyleFor(io.stdout, io.env);
  const failure = redeemFailure(error, { nowMs, textStyle, journal: undefined, sinceSequence: Infinity });
  await writeFailure(failure, { isJson, io, prompts: undefined });
  return failureExitCode(failure);
}

/** Ends the line on which the terminal has echoed Ctrl-C as `^C`. */
function afterKey({ error }: RedeemFailure, { isTTY }: OutputStream): string {
  return error.kind === 'interrupted' && isTTY ? '\n' : '';
}
