import { createDeferred, type Deferred } from '../../util/deferred.js';
import { AppError } from '../../util/errors.js';
import { type Endpoint, errorPrefixOf } from './endpoints.js';
import type { Authorization } from '../request/identity.js';

/** Lets identical reads that are in flight at the same time share one fetch (D12). */
export interface SharedReads {
  /**
   * Joins the same read in flight, or starts it with `work`. A caller whose signal is aborted leaves with the signal's
   * reason; the work is aborted when no caller waits for it any more.
   */
  run<T>(read: SharedRead, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Keeps later reads from joining those in flight. */
  separate(): void;
  /** Rejects the reads in flight with `unauthorized`. */
  fail(): void;
}

/** Two reads are the same if all of this is. */
export interface SharedRead {
  readonly endpoint: Endpoint;
  readonly authorization: Authorization;
  /** The parameters of the read, as text. */
  readonly parameters?: string;
}

interface Flight {
  readonly read: SharedRead;
  readonly controller: AbortController;
  readonly result: Deferred<unknown>;
  /** How many callers wait for the result. */
  waiting: number;
  /** Whether further callers may join. */
  isOpen: boolean;
}

export function createSharedReads(): SharedReads {
  const flights = new Set<Flight>();

  function openFlight(read: SharedRead): Flight | undefined {
    for (const flight of flights) if (flight.isOpen && isSame(flight.read, read)) return flight;
    return undefined;
  }

  function separate(): void {
    for (const flight of flights) flight.isOpen = false;
  }

  return {
    run<T>(read: SharedRead, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const { promise, resolve, reject } = createDeferred<T>();
      if (signal.aborted) {
        reject(signal.reason as Error);
        return promise;
      }
      const joined = openFlight(read);
      const flight = joined ?? createFlight(read);
      const { result, controller } = flight;
      if (!joined) {
        flights.add(flight);
        work(controller.signal).then(result.resolve, result.reject);
      }
      flight.waiting += 1;
      const leave = (): void => {
        reject(signal.reason as Error);
        flight.waiting -= 1;
        if (flight.waiting > 0) return;
        flights.delete(flight);
        controller.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      const land = (): void => {
        signal.removeEventListener('abort', leave);
        flights.delete(flight);
      };
      result.promise.then(
        (value) => {
          land();
          resolve(value as T);
        },
        (error: unknown) => {
          land();
          reject(error as Error);
        },
      );
      return promise;
    },
    separate,
    fail() {
      const message = 'application network permission was revoked';
      for (const { read, result, controller } of flights) {
        result.reject(new AppError('unauthorized', `${errorPrefixOf(read.endpoint)}: ${message}`));
        // Not `unauthorized`, which would have the tokens renewed.
        controller.abort(new AppError('cancelled', message));
      }
      flights.clear();
    },
  };
}

function isSame(one: SharedRead, other: SharedRead): boolean {
  return (
    one.endpoint === other.endpoint &&
    one.parameters === other.parameters &&
    one.authorization.identity === other.authorization.identity &&
    one.authorization.baseUrl === other.authorization.baseUrl
  );
}

function createFlight(read: SharedRead): Flight {
  return { read, controller: new AbortController(), result: createDeferred(), waiting: 0, isOpen: true };
}
