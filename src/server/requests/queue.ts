import type { RequestContext } from '../../handlers/request-context.js';
import { createDeferred } from '../../util/deferred.js';

/** Runs one task at a time, in the order of the calls. */
export type Queue = <T>(context: RequestContext, work: () => Promise<T>) => Promise<T>;

/**
 * Creates a first-in-first-out queue. A task starts once the response to the task before it has been written, so
 * nothing more is started for a client that is gone.
 *
 * A task whose signal is aborted while it waits is rejected at once with the signal's reason. A task that has started
 * handles its signal itself.
 */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return ({ signal, answered }, work) =>
    new Promise((resolve, reject) => {
      const refuse = (): void => {
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', refuse, { once: true });
      last = last.then(async () => {
        signal.removeEventListener('abort', refuse);
        if (signal.aborted) {
          refuse();
          return;
        }
        await work().then(resolve, reject);
        await answered;
      });
    });
}

/** Deduplicates work by key: later callers wait for the result of the first, which may not have started. */
export type JoinWork = <T>(key: string, work: () => Promise<T>) => () => Promise<T>;

/** Creates a `JoinWork`. It returns a function, so that each caller can wait at its own place in a queue. */
export function createJoinWork(): JoinWork {
  const underWay = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>) => {
    const first = underWay.get(key);
    if (first) return () => first as Promise<T>;

    const result = createDeferred<T>();
    result.promise.catch(() => undefined); // The first caller gets the error from `own`.
    underWay.set(key, result.promise);
    return () => {
      const own = work().finally(() => underWay.delete(key));
      result.resolve(own);
      return own;
    };
  };
}
