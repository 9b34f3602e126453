import type { TextStyle } from '../../terminal/text-style.js';
import { duration } from '../../terminal/times.js';
import { widthOf, withoutJoints } from '../../terminal/wrapped-text.js';
import type { WatchPhase } from './watch-pause.js';

/**
 * Writes the last line of `usage --watch` on a terminal: `next read in 42 s · r reads now · q quits`, in shorter words if
 * it does not fit.
 *
 * @param hasKeys whether keys are read
 */
export function footerText(
  phase: WatchPhase,
  hasKeys: boolean,
  { columns, hasUnicode }: Pick<TextStyle, 'columns' | 'hasUnicode'>,
): string {
  const texts = [...wordings(phase, hasKeys)].map((parts) => {
    const text = withoutJoints(parts.join(hasUnicode ? ' · ' : ' - '));
    return hasUnicode ? text : text.replaceAll('…', '...');
  });
  return texts.find((text) => widthOf(text) <= columns) ?? '';
}

/** Lists the parts of the line, the longest wording first. */
function* wordings(phase: WatchPhase, hasKeys: boolean): Generator<string[]> {
  const quit = hasKeys ? ['q quits'] : [];
  if (phase.kind === 'reading') {
    yield ['reading …', ...quit];
    yield ['reading …'];
    return;
  }
  const time = countdown(phase.leftMs);
  const read = hasKeys && phase.canReadNow ? ['r reads now'] : [];
  yield [`next read in ${time}`, ...read, ...quit];
  yield [`next in ${time}`, ...read, ...quit];
  yield [time, ...read, ...quit];
  yield [`next in ${time}`];
  yield [time];
}

function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : duration(ms);
}
