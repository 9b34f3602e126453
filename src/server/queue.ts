import type { RequestContext } from '../handlers/request-context.js';
import { createDeferred } from '../util/deferred.js';

/** Runs work one piece at a time, in the order of the calls. */
export type Queue = <T>(context: RequestContext, work: () => Promise<T>) => Promise<T>;

/**
 * A first-in-first-out queue. Work whose signal is aborted while it waits is refused at once with the signal's
 * reason and never started; once started, it takes care of the signal itself. The next piece starts when the result of
 * the one before has been passed on: nothing more is begun for a client that is gone.
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

/** Deduplicates work by key: later callers wait for the result of the first, which may be waiting itself. */
export type JoinWork = <T>(key: string, work: () => Promise<T>) => () => Promise<T>;

/** Each piece of work, the joined ones too, keeps its own place in whatever queue it is put into. */
export function createJoinWork(): JoinWork {
  const underWay = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>) => {
    const first = underWay.get(key);
    if (first) return () => first as Promise<T>;

    const result = createDeferred<T>();
    result.promise.catch(() => undefined); // The caller of the first work gets a failure in any case.
    underWay.set(key, result.promise);
    return () => {
      const own = work().finally(() => underWay.delete(key));
      result.resolve(own);
      return own;
    };
  };
}
