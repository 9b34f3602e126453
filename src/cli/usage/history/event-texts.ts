import type { LoggedChange, UsageHistory } from '../../../protocol/schema/reports/usage-history.js';
import { plainText } from '../../terminal/plain-text.js';
import type { TextStyle } from '../../terminal/text-style.js';
import { seriesName } from './series.js';

/** Something that has happened, for people. */
export interface HistoryEvent {
  /** Unix seconds. */
  readonly at: number;
  readonly text: string;
}

/** Lists what has happened except use, the oldest first: windows that started again, credits, redemptions. */
export function historyEvents(
  { changes, redemptions }: Pick<UsageHistory, 'changes' | 'redemptions'>,
  textStyle: TextStyle,
): HistoryEvent[] {
  return [
    ...changes.flatMap((change) => {
      const text = eventText(change, textStyle);
      return text === undefined ? [] : [{ at: change.at, text }];
    }),
    ...redemptions.map(({ redeemedAt, startedAt, state }) => ({
      at: redeemedAt ?? startedAt,
      text: `redemption of this CODEX_HOME (${state})`,
    })),
  ].sort((one, other) => one.at - other.at);
}

/** Describes a change; undefined if it is nothing but use. */
function eventText(change: LoggedChange, textStyle: TextStyle): string | undefined {
  const figures = figuresText(change, textStyle);
  if (change.kind === 'resetCredits') return change.before ? figures : undefined;
  if (change.kind === 'budget' || !change.before || !change.after) return undefined;
  switch (change.move) {
    case 'ended':
      return `${figures}, ended`;
    case 'back':
      return `${figures}, an earlier window came back`;
    case 'early':
      return `${figures}, started again early${causeText(change.movedWithoutUs)}`;
    default:
      return undefined;
  }
}

function causeText(movedWithoutUs: boolean | null): string {
  if (movedWithoutUs === null) return '';
  return movedWithoutUs ? ', without a redemption of this CODEX_HOME' : ', after a redemption';
}

/** Writes what has changed: `week: 74 % → 0 %`. */
export function figuresText(change: LoggedChange, textStyle: TextStyle): string {
  const arrow = textStyle.hasUnicode ? '→' : '->';
  if (change.kind === 'resetCredits') {
    return `reset credits: ${change.before?.availableCount ?? '?'} ${arrow} ${change.after.availableCount}`;
  }
  const shares =
    change.kind === 'window'
      ? [change.before?.usedPercent, change.after?.usedPercent]
      : [change.before, change.after].map((budget) => budget && 100 - budget.remainingPercent);
  const [before, after] = shares.map((share) => (share === undefined || share === null ? '?' : `${share} %`));
  return `${plainText(seriesName(change), textStyle)}: ${before} ${arrow} ${after}`;
}
