import { isUnused } from '../../../limits/windows.js';
import type { UsageFailure, UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { canRedraw, paint, type TextStyle, textStyleFor } from '../../terminal/text-style.js';
import { wrappedMessage } from '../../terminal/wrapped-text.js';
import { print } from '../../terminal/print.js';
import type { UsageIo } from '../../io.js';
import type { UsageOutput } from '../output-choice.js';
import type { Presentation } from '../presentation.js';
import { failureText, reportNow, usageText } from '../output.js';
import type { UsageState } from '../state.js';
import { usageReport } from '../report.js';
import { usageView } from '../view/view.js';
import { createWatchedScreen, type ShownWatch } from './watched-screen.js';

/** The output of `usage --watch`. */
export interface UsageScreen {
  show(state: UsageState): Promise<void>;
  /** Returns whether a text has been printed. */
  hasPrinted(): boolean;
  /** Draws what has changed without a new read. */
  refresh(): void;
  /** Restores the terminal and prints the last view on it. */
  close(state: UsageState): Promise<void>;
}

/** Creates the output: a view that is redrawn on terminals, otherwise texts that are printed one after the other. */
export function createUsageScreen(output: UsageOutput, io: UsageIo, watch: ShownWatch): UsageScreen {
  return output.kind === 'view' && canRedraw(io.stdout, io.env)
    ? redrawnScreen(output.presentation, io, watch)
    : printedScreen(output, io, watch.end);
}

function redrawnScreen(presentation: Presentation, io: UsageIo, watch: ShownWatch): UsageScreen {
  const { stdout, env } = io;
  let current: UsageState | undefined;
  const screen = createWatchedScreen(io, watch, () =>
    current
      ? frameOf(current, presentation, io)
      : [textStyleFor(stdout, env).hasUnicode ? 'Reading …' : 'Reading ...'],
  );
  return {
    async show(state) {
      current = state;
      await screen.draw();
    },
    hasPrinted: () => current !== undefined,
    refresh: () => void screen.draw(),
    async close(state) {
      screen.close();
      const lines = frameOf(state, presentation, io);
      if (lines.length > 0) await print(stdout, `${lines.join('\n')}\n`);
    },
  };
}

function frameOf(state: UsageState, presentation: Presentation, { stdout, env, clock }: UsageIo): string[] {
  const { failure } = state;
  const textStyle = textStyleFor(stdout, env);
  const nowMs = clock.nowMs();
  const report = reportNow(state, nowMs);
  const view = report ? usageView(report, nowMs, textStyle, presentation) : [];
  const sentence = failure ? wrappedMessage(failure.error.message, textStyle.columns) : [];
  return [...view, ...sentence.map((line) => paint('red', line, textStyle))];
}

/** Prints the text again if its content has changed. */
function printedScreen(output: UsageOutput, io: UsageIo, onClosed: () => void): UsageScreen {
  const { stdout, stderr, env, clock } = io;
  let last: { readonly text: string; readonly content: string } | undefined;
  let lastFailure: string | undefined;

  async function printFailure(failure: UsageFailure | undefined): Promise<void> {
    const isNew = failure && failure.error.message !== lastFailure;
    lastFailure = failure?.error.message;
    if (isNew) await print(stderr, await failureText(failure, textStyleFor(stderr, env).columns));
  }

  return {
    async show(state) {
      if (output.kind !== 'json') await printFailure(state.failure);
      const now = { nowMs: clock.nowMs(), textStyle: textStyleFor(stdout, env) };
      const text = await usageText(state, output, { ...now, isOneLine: true });
      if (text === undefined) return;
      // A program replaces its line, so every change of it counts.
      const content = output.kind === 'preset' ? text : contentOf(state, output, now);
      if (text === last?.text || content === last?.content) return;
      const gap = output.kind === 'view' && last ? '\n' : '';
      last = { text, content };
      if (!(await print(stdout, gap + text))) onClosed();
    },
    hasPrinted: () => last !== undefined,
    refresh: () => undefined,
    close: () => Promise.resolve(),
  };
}

/**
 * Returns the content that decides whether a text is printed again. Reset times that move within their tolerance do not
 * change it. With `--format` the remaining times that it shows do.
 */
export function contentOf(
  { read, failure }: UsageState,
  output: UsageOutput,
  { nowMs, textStyle }: { nowMs: number; textStyle: TextStyle },
): string {
  if (failure ?? !read) return JSON.stringify(failure?.error);
  const report = withoutPaces({ ...usageReport(read.settled, read.atMs, nowMs), readAt: 0, isCached: false });
  if (output.kind !== 'format') return JSON.stringify(report);
  const calm = withoutUnusedResets(report);
  return JSON.stringify([report, output.format.write({ report: calm, failure, nowMs, textStyle })]);
}

/** Removes the paces, which change with each read. */
function withoutPaces(report: UsageReport): UsageReport {
  const { budget } = report;
  const limits = report.limits.map((limit) => ({
    ...limit,
    windows: limit.windows.map((window) => ({ ...window, pace: null })),
  }));
  return { ...report, limits, budget: budget && { ...budget, pace: null } };
}

/** Removes the reset times of unused windows, which move along with the clock. */
function withoutUnusedResets(report: UsageReport): UsageReport {
  const limits = report.limits.map((limit) => ({
    ...limit,
    windows: limit.windows.map((window) => (isUnused(window) ? { ...window, resetsAt: null } : window)),
  }));
  const { tightest } = report;
  const isTightestUnused = tightest?.limit === 'rateLimit' && isUnused(tightest);
  return { ...report, limits, tightest: isTightestUnused ? { ...tightest, resetsAt: null } : tightest };
}
