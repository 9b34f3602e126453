import type { UsageReport } from '../../protocol/schema/reports/usage-report.js';
import { endTry, isSameLoginFile, loginFile, saveLine } from '../../snapshot/lines.js';
import type { StoredRead } from '../../snapshot/read-through.js';
import type { Log } from '../../util/log.js';
import type { TextStyle } from '../terminal/text-style.js';
import type { UsageFormat } from './format/format.js';
import { usageReport } from './report.js';

/** A text of `--format` that is kept for `codex-account-line`. */
export interface KeptLine {
  readonly key: string;
  readonly format: UsageFormat;
  readonly maxAgeMs: number;
}

interface Context {
  /** Finds the newest stored read. */
  readonly find: () => Promise<StoredRead | undefined>;
  readonly codexHome: string;
  readonly log: Log;
  readonly nowMs: number;
  readonly textStyle: TextStyle;
}

/** Renders the newest stored read and keeps the text. A problem is logged: the caller has its output without it. */
export async function keepLine(line: KeptLine, context: Context): Promise<void> {
  const { codexHome, log } = context;
  try {
    const problem = await renderAndSave(line, context);
    endTry(codexHome, line.key);
    if (problem !== undefined) log.debug(`the line is not kept: ${problem}`);
  } catch (error) {
    log.debug(`the line is not kept: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`);
  }
}

/** @returns why it is not kept; undefined if it is */
async function renderAndSave(
  { key, format, maxAgeMs }: KeptLine,
  { find, codexHome, nowMs, textStyle }: Context,
): Promise<string | undefined> {
  const login = loginFile(codexHome);
  const found = await find();
  if (!found || !isSameLoginFile(login, loginFile(codexHome))) return 'no read of this login is stored';
  const { answer, readAtMs, epoch } = found;
  const report = usageReport(answer, readAtMs, nowMs, true);
  const text = `${format.write({ report, failure: undefined, nowMs, textStyle })}\n`;
  const until = Math.min(Math.floor((readAtMs + maxAgeMs) / 1000), firstEnd(report, nowMs) - 1);
  return saveLine(codexHome, key, { text, readAtMs, until, epoch, login }, nowMs);
}

/** Returns when the first of its windows and credits ends, in Unix seconds: another text is right then. */
function firstEnd({ limits, spendLimit, resetCredits }: UsageReport, nowMs: number): number {
  const ends = [
    ...limits.flatMap(({ windows }) => windows.map(({ resetsAt }) => resetsAt)),
    spendLimit?.resetsAt,
    resetCredits?.soonestExpiresAt,
  ];
  const later = ends.filter((end) => typeof end === 'number' && end * 1000 > nowMs) as number[];
  return Math.min(...later);
}
