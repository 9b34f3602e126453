import type { UsageReport } from '../../protocol/schema/usage-report.js';
import { isSameLoginFile, loginFile, saveLine } from '../../snapshot/lines.js';
import type { StoredRead } from '../../snapshot/read-through.js';
import type { Log } from '../../util/log.js';
import type { TextStyle } from '../terminal/text-style.js';
import type { UsageFormat } from './format.js';
import { usageReport } from './report.js';

/** A text of `--format` that is kept for `codex-account-line`. */
export interface KeptLine {
  readonly key: string;
  readonly write: UsageFormat;
  readonly maxAgeMs: number;
}

/**
 * Renders the newest stored read and keeps the text. A problem is logged: the caller has its output without it.
 *
 * @param context.find finds that read
 */
export async function keepLine(
  { key, write, maxAgeMs }: KeptLine,
  context: {
    find: () => Promise<StoredRead | undefined>;
    codexHome: string;
    log: Log;
    nowMs: number;
    textStyle: TextStyle;
  },
): Promise<void> {
  const { find, codexHome, log, nowMs, textStyle } = context;
  try {
    const login = loginFile(codexHome);
    const found = await find();
    if (!found || !isSameLoginFile(login, loginFile(codexHome))) {
      log.debug('the line is not kept: no read of this login is stored');
      return;
    }
    const { answer, readAtMs, epoch } = found;
    const report = usageReport(answer, readAtMs, nowMs, true);
    const text = `${write({ report, nowMs, textStyle })}\n`;
    const until = Math.min(Math.floor((readAtMs + maxAgeMs) / 1000), firstEnd(report, nowMs) - 1);
    const problem = saveLine(codexHome, key, { text, readAtMs, until, epoch, login }, nowMs);
    if (problem !== undefined) log.debug(`the line is not kept: ${problem}`);
  } catch (error) {
    log.debug(`the line is not kept: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`);
  }
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
