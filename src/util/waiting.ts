import type { Clock } from './clock.js';
import { createDeferred } from './deferred.js';

/** Waits for `work`, which continues after an abort. @throws the signal's reason if it is aborted */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Prevents an unhandled rejection if the work fails after an abort.
  work.catch(() => undefined);
  const aborted = createDeferred<never>();
  const stop = (): void => aborted.reject(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Waits at most `limitMs` for `work`, which then continues. Resolves with undefined if it takes longer. */
export async function withinMs<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const late = createDeferred<undefined>();
  const cancel = clock.after(limitMs, () => late.resolve(undefined));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}

/** Waits for `delayMs`. @throws the signal's reason if it is aborted */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}
