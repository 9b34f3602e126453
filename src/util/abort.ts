/**
 * Tells work that it is no longer wanted: as much of `AbortSignal` as is used here, so that one of those will do, too.
 *
 * Every request has several, and those of node are dear: 0.6 ms for the first one of a process with a listener, and
 * 20 µs for each further one.
 */
export interface Signal {
  readonly aborted: boolean;
  /** Why it is aborted; not to be asked for before. */
  readonly reason: Error;
  /** @throws the reason once it is aborted */
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface Aborter {
  readonly signal: Signal;
  /** Has no effect on a signal that is aborted already. */
  abort(reason?: Error): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function createAborter(): Aborter {
  let listeners: readonly (() => void)[] = [];
  const signal: Mutable<Signal> = {
    aborted: false,
    reason: stillWanted,
    throwIfAborted() {
      if (signal.aborted) throw signal.reason;
    },
    addEventListener(_type, listener) {
      if (!signal.aborted && !listeners.includes(listener)) listeners = [...listeners, listener];
    },
    removeEventListener(_type, listener) {
      listeners = listeners.filter((known) => known !== listener);
    },
  };
  return {
    signal,
    abort(why = new Error('aborted')) {
      if (signal.aborted) return;
      signal.aborted = true;
      signal.reason = why;
      const heard = listeners;
      listeners = [];
      for (const listener of heard) listener();
    },
  };
}

const stillWanted = new Error('still wanted');

/** Aborted with the first of them. */
export function anySignal(signals: readonly Signal[]): Signal {
  const aborter = createAborter();
  for (const signal of signals) {
    if (signal.aborted) aborter.abort(signal.reason);
    signal.addEventListener('abort', () => aborter.abort(signal.reason), { once: true });
  }
  return aborter.signal;
}
