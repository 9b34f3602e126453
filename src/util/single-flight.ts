/** Deduplicated work: concurrent callers with the same key share one run. */
export interface SingleFlight {
  /**
   * Joins the work under way for `key`, or starts it. If a caller's signal is aborted, its promise rejects with the
   * signal's reason. The work is aborted when its last caller has left.
   */
  run<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Aborts all work under way and rejects its callers with this reason. Later callers start new work. */
  abort(reason: Error): void;
}

interface Flight {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Flight>();

  function start(key: string, work: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const { signal } = controller;
    // Rejects with the signal's reason even if the work handles the abort in another way.
    const result = new Promise<unknown>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      work(signal).then(resolve, reject);
    });
    const flight: Flight = { result, controller, waiting: 0 };
    flights.set(key, flight);
    const forget = (): void => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.result.then(forget, forget);
    return flight;
  }

  return {
    run<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        signal.throwIfAborted();
        const flight = flights.get(key) ?? start(key, work);
        flight.waiting += 1;
        const leave = (): void => {
          reject(signal.reason as Error);
          flight.waiting -= 1;
          if (flight.waiting > 0) return;
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort(signal.reason as Error);
        };
        signal.addEventListener('abort', leave, { once: true });
        flight.result.then(
          (result) => {
            signal.removeEventListener('abort', leave);
            resolve(result as T);
          },
          () => {
            signal.removeEventListener('abort', leave);
            resolve(flight.result as Promise<T>);
          },
        );
      });
    },
    abort(reason) {
      const underWay = [...flights.values()];
      flights.clear();
      for (const { controller } of underWay) controller.abort(reason);
    },
  };
}
