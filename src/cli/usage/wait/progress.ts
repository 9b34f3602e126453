import type { WaitState } from '../../../limits/needs/wait-for-needs.js';
import type { NeedsRead } from '../../../limits/needs/needs.js';
import { safeLine } from '../../../util/text/safe-text.js';
import type { UsageIo } from '../../io.js';
import { plainText } from '../../terminal/plain-text.js';
import { canRedraw, type TextStyle, textStyleFor } from '../../terminal/text-style.js';
import { localTime } from '../../terminal/times.js';
import { widthOf, withoutJoints } from '../../terminal/wrapped-text.js';
import { withFullStop } from '../failure.js';
import { sentenceOf } from '../gate/gate-lines.js';
import { reportNow } from '../output.js';
import type { UsageState } from '../state.js';

/** The output of `usage --wait` on stderr while it waits. */
export interface WaitProgress {
  show(waiting: WaitState<NeedsRead>, state: UsageState): void;
  /** Removes the countdown. */
  close(): void;
}

const tickMs = 1_000;
const clearLine = '\r\u001b[K';

/** Creates a line with a countdown on a terminal; otherwise a line is printed for each change. */
export function createWaitProgress(io: UsageIo): WaitProgress {
  const { stderr, env, clock } = io;
  const hasCountdown = canRedraw(stderr, env);
  let cancel = (): void => undefined;
  let last: string | undefined;

  function print(sentence: string): void {
    if (sentence === last) return;
    last = sentence;
    stderr.write(`${sentence}\n`);
  }

  function draw(sentence: string, waiting: WaitState<NeedsRead>, { columns }: TextStyle): void {
    const text = `${sentence} ${countdown(countedUntilMs(waiting, clock.nowMs()) - clock.nowMs())}`;
    stderr.write(clearLine + fitting(text, columns - 1));
    cancel = clock.after(tickMs, () => draw(sentence, waiting, textStyleFor(stderr, env)));
  }

  return {
    show(waiting, state) {
      cancel();
      const style = textStyleFor(stderr, env);
      const sentence = plainText(withoutJoints(waitSentence(waiting, state, clock.nowMs(), style)), style);
      if (hasCountdown) draw(sentence, waiting, style);
      else print(sentence);
    },
    close() {
      cancel();
      if (hasCountdown) stderr.write(clearLine);
    },
  };
}

function waitSentence(
  { last, nextMs }: WaitState<NeedsRead>,
  state: UsageState,
  nowMs: number,
  textStyle: TextStyle,
): string {
  if (state.failure) return safeLine(state.failure.error.message);
  const report = reportNow(state, nowMs);
  if (!last || !report) return '';
  const [, sentence] = sentenceOf(last.checked, report, { nowMs, textStyle });
  const { expectedAt } = last.checked;
  // Without an expected time, the next read is what is waited for.
  const next = expectedAt === null ? ` Reads again at ${localTime(nextMs / 1000, nowMs, textStyle)}.` : '';
  return `${withFullStop(sentence)}${next}`;
}

/** Returns when the countdown ends: at the expected time, or at the next read if that is unknown or has passed. */
function countedUntilMs({ last, error, nextMs }: WaitState<NeedsRead>, nowMs: number): number {
  const expectedMs = error === undefined ? (last?.checked.expectedAt ?? 0) * 1000 : 0;
  return expectedMs > nowMs ? expectedMs : nextMs;
}

/** Writes `1:05:09` or `5:09`. */
function countdown(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (count: number): string => `${count}`.padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Keeps the end of a text, which is the countdown. */
function fitting(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const [, end = ''] = /( [\d:]+)$/.exec(text) ?? [];
  const room = columns - end.length - 3;
  let start = '';
  for (const character of text) {
    if (widthOf(start + character) > room) break;
    start += character;
  }
  return `${start}...${end}`;
}
