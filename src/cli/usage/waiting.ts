import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import type { UsageIo } from '../io.js';
import { canRedraw, textStyleFor } from '../terminal/text-style.js';

/** How long a read may take before the user is to see that it is under way. */
const waitingAfterMs = 300;

/**
 * Shows on a terminal that a read takes a while. Returns a function that removes that.
 *
 * @param what is read: `the limits`
 */
export function showWaiting(
  what: string,
  { stderr, env, clock }: Pick<UsageIo, 'stderr' | 'env' | 'clock'>,
): () => void {
  if (!canRedraw(stderr, env)) return () => undefined;
  let isShown = false;
  const cancel = clock.after(waitingAfterMs, () => {
    isShown = true;
    stderr.write(`Reading ${what} ${textStyleFor(stderr, env).hasUnicode ? '…' : '...'}`);
  });
  return () => {
    cancel();
    if (isShown) stderr.write('\r\u001b[K');
  };
}

/** Starts the time of `--timeout`; without one the signal is never aborted. */
export function startTimeout(
  timeoutMs: number | undefined,
  clock: Clock,
): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  if (timeoutMs === undefined) return { signal, cancel: () => undefined };
  const late = new AppError('timedOut', 'the time of --timeout has passed');
  return { signal, cancel: clock.after(timeoutMs, () => controller.abort(late)) };
}
