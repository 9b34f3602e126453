import type { CheckedNeed, CheckedNeeds } from '../../../limits/needs/needs.js';
import { windowName } from '../../../limits/windows.js';
import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { plainText } from '../../terminal/plain-text.js';
import { paint, type PaintStyle, type RenderContext } from '../../terminal/text-style.js';
import { duration, localTime } from '../../terminal/times.js';
import { padTo, widthOf, withoutJoints, wrapped } from '../../terminal/wrapped-text.js';
import { permissionText } from '../view/view.js';
import { needName } from './need-text.js';

/** Renders what `--need` has found: a sentence and a line for each need. No line is wider than the terminal. */
export function gateLines(checked: CheckedNeeds, report: UsageReport, context: RenderContext): string[] {
  const { textStyle } = context;
  const [style, sentence] = sentenceOf(checked, report, context);
  const names = checked.needs.map(({ need }) => needName(need));
  const columns = Math.max(0, ...names.map(widthOf)) + 2;
  return [
    ...wrapped(plainText(sentence, textStyle), textStyle.columns).map((line) =>
      paint(style, line, textStyle),
    ),
    ...checked.needs.flatMap((need) =>
      wrapped(needText(need, report, context), textStyle.columns, {
        first: `  ${padTo(columns, needName(need.need))}`,
        next: '    ',
      }),
    ),
  ].map(withoutJoints);
}

/** Says in one sentence whether work may start, and if not, when. */
export function sentenceOf(
  { verdict, permission, expectedAt, needs }: CheckedNeeds,
  report: UsageReport,
  context: RenderContext,
): readonly [PaintStyle, string] {
  if (verdict === 'enough') return ['green', needs.length > 0 ? 'Enough is left.' : 'Use is allowed.'];
  if (verdict === 'blocked') return permissionText(report, context);
  if (permission === 'unknown' && verdict === 'unknown' && needs.every(({ isMet }) => isMet))
    return permissionText(report, context);
  if (verdict === 'unknown') return ['yellow', 'It is not known whether enough is left.'];
  const until =
    expectedAt === null ? '' : ` until ${localTime(expectedAt, context.nowMs, context.textStyle)}`;
  return ['yellow', `Too little is left${until}.`];
}

function needText(
  { need, hasLimit, have, isMet, resetsAt }: CheckedNeed,
  report: UsageReport,
  { nowMs, textStyle }: RenderContext,
): string {
  if (!hasLimit) return `this account has no such window; it has: ${windowNames(report)}`;
  const reset =
    resetsAt === null
      ? ''
      : `, resets ${localTime(resetsAt, nowMs, textStyle)}, in ${duration(resetsAt * 1000 - nowMs)}`;
  if (need.limit === 'credits') return `${have ?? 'unknown'}, ${need.count} needed`;
  // One of several limits is not known: less may be left.
  const most = isMet === null ? 'at most ' : '';
  const left = have === null ? (isMet ? 'no such limit' : 'unknown') : `${most}${have}\u00a0% left`;
  return `${left}, ${need.leftPercent}\u00a0% needed${reset}`;
}

function windowNames({ limits }: UsageReport): string {
  const names = (limits[0]?.windows ?? []).map(({ windowDurationMins: mins }) =>
    mins === null ? windowName(mins) : `${mins} (${windowName(mins)})`,
  );
  return names.length > 0 ? names.join(', ') : 'none';
}
