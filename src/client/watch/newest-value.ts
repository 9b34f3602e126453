import { createDeferred, type Deferred } from '../../util/deferred.js';

/** Values on their way to one consumer. If it is slower than they come, it gets only the newest one. */
export interface NewestValue<T> {
  put(value: T): void;
  /** No more values come. The consumer still gets the last one, then `error`, if there is one. */
  end(error?: Error): void;
  /** Drops a value that has not been taken yet. */
  drop(): void;
  /** Returns the next value as an async iterator does. */
  next(): Promise<IteratorResult<T, undefined>>;
}

const done = { done: true, value: undefined } as const;

export function createNewestValue<T>(): NewestValue<T> {
  const waiting: Deferred<IteratorResult<T, undefined>>[] = [];
  let newest: { readonly value: T } | undefined;
  let failure: Error | undefined;
  let hasEnded = false;

  return {
    put(value) {
      if (hasEnded) return;
      const first = waiting.shift();
      if (first) first.resolve({ value });
      else newest = { value };
    },
    end(error) {
      if (hasEnded) return;
      hasEnded = true;
      const [first, ...others] = waiting.splice(0);
      if (first && error) first.reject(error);
      else first?.resolve(done);
      for (const each of others) each.resolve(done);
      if (!first) failure = error;
    },
    drop() {
      newest = undefined;
      failure = undefined;
    },
    async next() {
      const taken = newest;
      newest = undefined;
      if (taken) return taken;
      const error = failure;
      failure = undefined;
      if (error) throw error;
      if (hasEnded) return done;
      const next = createDeferred<IteratorResult<T, undefined>>();
      waiting.push(next);
      return next.promise;
    },
  };
}
