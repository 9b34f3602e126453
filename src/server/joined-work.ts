import { createDeferred } from '../util/deferred.js';

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
