import type { UsageFailure } from '../protocol/usage-report.js';
import { createLiveScreen } from './live-screen.js';
import { paint, textStyleFor } from './look.js';
import { wrapped } from './plain-text.js';
import { print } from './print.js';
import type { UsageIo } from './usage-io.js';
import type { UsageChoice } from './usage-arguments.js';
import { failureText, type UsageState, usageText } from './usage-output.js';
import { usageView } from './usage-view.js';

/** Where a watch shows what it knows. */
export interface UsageScreen {
  show(state: UsageState): Promise<void>;
  /** Leaves the terminal as it was, with what was shown last. */
  close(state: UsageState): Promise<void>;
}

/** @param onGone called once nobody takes what is shown any more */
export function createUsageScreen(
  output: UsageChoice['output'],
  io: UsageIo,
  onGone: () => void,
): UsageScreen {
  const canRedraw = io.stdout.isTTY && io.env.TERM !== 'dumb';
  return output.kind === 'view' && canRedraw ? redrawnScreen(io, onGone) : printedScreen(output, io, onGone);
}

function redrawnScreen(io: UsageIo, onGone: () => void): UsageScreen {
  const { stdout, env, clock, jobControl } = io;
  let current: UsageState | undefined;
  const screen = createLiveScreen({
    stdout,
    clock,
    jobControl,
    onGone,
    frame: () =>
      current ? frameOf(current, io) : [textStyleFor(stdout, env).hasUnicode ? 'Reading …' : 'Reading ...'],
  });
  return {
    async show(state) {
      current = state;
      await screen.draw();
    },
    async close(state) {
      screen.close();
      const lines = frameOf(state, io);
      if (lines.length > 0) await print(stdout, `${lines.join('\n')}\n`);
    },
  };
}

function frameOf({ report, failure }: UsageState, { stdout, env, clock }: UsageIo): string[] {
  const textStyle = textStyleFor(stdout, env);
  const view = report ? usageView(report, clock.nowMs(), textStyle) : [];
  const sentence = failure ? wrapped(failure.error.message, textStyle.columns) : [];
  return [...view, ...sentence.map((line) => paint('red', line, textStyle))];
}

/** Prints anew whatever has changed, but for the time at which it was read. */
function printedScreen(output: UsageChoice['output'], io: UsageIo, onGone: () => void): UsageScreen {
  const { stdout, stderr, env, clock } = io;
  let last: string | undefined;
  let lastFailure: string | undefined;

  async function complain(failure: UsageFailure | undefined): Promise<void> {
    const isNews = failure && failure.error.message !== lastFailure;
    lastFailure = failure?.error.message;
    if (isNews) await print(stderr, failureText(failure, textStyleFor(stderr, env).columns));
  }

  return {
    async show(state) {
      if (output.kind !== 'json') await complain(state.failure);
      const textStyle = textStyleFor(stdout, env);
      const text = usageText(state, output, { nowMs: clock.nowMs(), textStyle, isOneLine: true });
      if (text === undefined) return;
      const key = output.kind === 'format' ? text : withoutTime(state);
      if (key === last) return;
      const isFirst = last === undefined;
      last = key;
      const gap = output.kind === 'view' && !isFirst ? '\n' : '';
      if (!(await print(stdout, gap + text))) onGone();
    },
    close: () => Promise.resolve(),
  };
}

function withoutTime({ report, failure }: UsageState): string {
  return JSON.stringify(failure ? failure.error : { ...report, readAt: 0 });
}
