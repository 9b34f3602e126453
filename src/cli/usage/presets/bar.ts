import { leftPercent } from '../../../limits/tightest.js';
import { isStale as hasEnded } from '../../../limits/windows.js';
import type { UsageFailure, UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { plainText } from '../../terminal/plain-text.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { ageText, duration } from '../../terminal/times.js';
import { type Level, levelOf } from '../format/level.js';
import { spanOf } from '../format/spans.js';
import type { PresetOutput } from '../output-choice.js';

/** The content of a status bar. The texts are plain: without control characters, and not escaped for any program. */
export interface Bar {
  /** One line. */
  readonly text: string;
  /** A few letters, for narrow bars. */
  readonly shortText: string;
  readonly level: Level;
  /** Whether the values are older than they should be. The text then has their age. */
  readonly isStale: boolean;
  /** Percent used of what binds, or left with `--left`, from 0 to 100. */
  readonly percent: number | undefined;
}

/** The last read, and the failure of the one after it. At least one of them is there. */
export interface BarState {
  readonly report: UsageReport | undefined;
  readonly failure: UsageFailure | undefined;
}

/** Says in one line how the limit that binds stands, so that it fits every plan. */
export function barOf(state: BarState, output: PresetOutput, context: RenderContext): Bar {
  const { report, failure } = state;
  const { presentation, format, staleAfterMs } = output;
  const level = levelOf(report, presentation);
  if (!report) {
    const text =
      format && failure && format.showsErrors ? format.write({ ...state, ...context }) : reasonOf(failure);
    return {
      text: plainText(text, context.textStyle),
      shortText: '?',
      level,
      isStale: false,
      percent: undefined,
    };
  }
  const ageMs = context.nowMs - report.readAt * 1000;
  // `readAt` has whole seconds. A live read is as young as it can be.
  const isStale = failure !== undefined || (report.isCached && ageMs >= staleAfterMs + 1000);
  const percent = percentOf(report, output, context.nowMs);
  const text = format
    ? format.write({ ...state, ...context })
    : usualText(report, level, output, context.nowMs);
  const mark = isStale && !format?.showsAge ? ` (${ageText(ageMs)} old)` : '';
  return {
    text: plainText(text + mark, context.textStyle),
    shortText: level === 'blocked' ? level : percent === undefined ? '?' : `${percent}%`,
    level,
    isStale,
    percent,
  };
}

function usualText(report: UsageReport, level: Level, output: PresetOutput, nowMs: number): string {
  if (level === 'blocked') {
    const leftMs = (report.block?.until ?? 0) * 1000 - nowMs;
    return leftMs > 0 ? `blocked ${duration(leftMs)}` : 'blocked';
  }
  const { presentation } = output;
  const span = spanOf(report, 'tightest', presentation);
  const percent = percentOf(report, output, nowMs);
  if (span && percent !== undefined) {
    // More than 100 % can be used.
    return presentation.showsLeft
      ? `${span.name} ${percent}% left`
      : `${span.name} ${span.usedPercent}% used`;
  }
  return level === 'ok' ? 'no limit' : '?';
}

function percentOf(report: UsageReport, { presentation }: PresetOutput, nowMs: number): number | undefined {
  const span = spanOf(report, 'tightest', presentation);
  if (typeof span?.usedPercent !== 'number' || hasEnded(span, nowMs)) return undefined;
  const left = leftPercent(span.usedPercent);
  return presentation.showsLeft ? left : 100 - left;
}

const longestReason = 60;

/** Returns the first part of the sentence about a failure: the rest says what to do. */
function reasonOf(failure: UsageFailure | undefined): string {
  const [first = ''] = (failure?.error.message ?? '').split(/[.;](?:\s|$)| \(/);
  return first.length > longestReason ? `${first.slice(0, longestReason - 3).trimEnd()}...` : first;
}
