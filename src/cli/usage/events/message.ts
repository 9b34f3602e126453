import type { LimitsEvent } from '../../../limits/events/event-rules.js';
import { ordinaryLimitId } from '../../../limits/snapshots.js';
import { windowName } from '../../../limits/windows.js';
import { plainText } from '../../terminal/plain-text.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { duration, localTime } from '../../terminal/times.js';
import { withoutJoints } from '../../terminal/wrapped-text.js';
import { reasonOfBlock } from '../view/block-reason.js';

/** Writes an event as a sentence without a full stop, for a notification: `week: 18 % left, resets Tue 14:20`. */
export function eventMessage(event: LimitsEvent, context: RenderContext): string {
  return plainText(withoutJoints(textOf(event, context)), context.textStyle);
}

function textOf(event: LimitsEvent, { nowMs, textStyle }: RenderContext): string {
  const at = (seconds: number | null, word: string): string =>
    seconds === null ? '' : `${word} ${localTime(seconds, nowMs, textStyle)}`;
  const name = nameOf(event);
  switch (event.kind) {
    case 'low':
    case 'critical':
      return `${name}: ${event.leftPercent} % left${at(event.resetsAt, ', resets')}`;
    case 'spend':
      return `${name}: ${event.usedPercent} % used${at(event.resetsAt, ', resets')}`;
    case 'reached': {
      const limit = event.limit === 'resetCredit' ? null : event.limit;
      const reason = reasonOfBlock(limit, event.windowDurationMins);
      return `Use is blocked${at(event.resetsAt, ' until')}${reason && `: ${reason}`}`;
    }
    case 'allowed':
      return 'Use is allowed again';
    case 'reset':
      return `${name}: started again, ${event.leftPercent ?? '?'} % left${at(event.resetsAt, ', resets')}`;
    case 'creditGranted':
      return `A reset credit was granted; you have ${event.availableCount ?? 'some'}`;
    case 'creditExpiring': {
      const left = event.expiresAt === null ? '' : ` in ${duration(event.expiresAt * 1000 - nowMs)}`;
      return `A reset credit expires${left}`;
    }
    case 'failed':
      return `The limits cannot be read (${event.errorKind ?? 'unknown'})`;
  }
}

function nameOf({ limit, limitId, windowDurationMins }: LimitsEvent): string {
  if (limit === 'spendLimit') return 'spend limit';
  const window = windowDurationMins === null ? 'rate limit' : windowName(windowDurationMins);
  return limitId === null || limitId === ordinaryLimitId ? window : `${limitId}, ${window}`;
}
