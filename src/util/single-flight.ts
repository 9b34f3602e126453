/** Work that several callers want at the same time, done once. */
export interface SingleFlight {
  /**
   * Joins the work under way for `key`, or begins it. A caller whose signal is aborted leaves with the signal's reason;
   * the work itself is aborted only when nobody waits for it any more.
   */
  run<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Aborts all work under way, so that its callers leave with this reason; later ones begin anew. */
  abort(reason: Error): void;
}

interface Flight {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Flight>();

  function begin(key: string, work: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const { signal } = controller;
    // Its callers leave with the reason, whatever the work makes of it.
    const result = new Promise<unknown>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      work(signal).then(resolve, reject);
    });
    const flight: Flight = { result, controller, waiting: 0 };
    flights.set(key, flight);
    const land = (): void => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.result.then(land, land);
    return flight;
  }

  return {
    run<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        signal.throwIfAborted();
        const flight = flights.get(key) ?? begin(key, work);
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
