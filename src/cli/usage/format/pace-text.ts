import type { LimitPace } from '../../../limits/usage-pace.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { localTime } from '../../terminal/times.js';

const verdicts = { ahead: 'ahead of pace', onPace: 'on pace', behind: 'behind pace' } as const;

/** Says how use goes against time: `ahead of pace, empty Tue 3 Mar, 14:20`. A time that has passed is left out. */
export function paceText({ verdict, emptyAt }: LimitPace, { nowMs, textStyle }: RenderContext): string {
  const isToCome = emptyAt !== null && emptyAt * 1000 > nowMs;
  return verdicts[verdict] + (isToCome ? `, empty ${localTime(emptyAt, nowMs, textStyle)}` : '');
}
