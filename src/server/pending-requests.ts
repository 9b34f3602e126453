import { AppError } from '../util/errors.js';

/** A request that was read and is not yet answered. */
export interface PendingRequest {
  /** The client's id as JSON. */
  readonly idText: string;
  readonly method: string;
  /** Ends the work; its reason is the error to answer. */
  readonly controller: AbortController;
}

/**
 * The requests that were read and not yet answered.
 *
 * Each gets an id of our own: clients may use equal ids at the same time, and ids that no double holds.
 */
export interface PendingRequests {
  add(idText: string, method: string): number;
  get(id: number): PendingRequest | undefined;
  /** Call once its answer is known, though not yet written. */
  settle(id: number): void;
  /** Call once its answer is written. */
  remove(id: number): void;
  /** Aborts those with the client's id that `isCancellable` lets go. */
  cancel(idText: string, isCancellable: (method: string) => boolean): void;
  /** Aborts all of them, and from now on each one as it is added. */
  abort(reason: Error): void;
  /** Resolves as soon as fewer than the limit are open. */
  whenRoom(): Promise<void>;
  /** Resolves as soon as none is open. */
  whenEmpty(): Promise<void>;
  /** Resolves as soon as the answers of all that are open are known. */
  whenSettled(): Promise<void>;
}

export function createPendingRequests(limit: number): PendingRequests {
  const requests = new Map<number, PendingRequest>();
  const unsettled = new Set<number>();
  let waiting: Waiter[] = [];
  let lastId = 0;
  let abortReason: Error | undefined;

  const when = (isReady: () => boolean): Promise<void> =>
    new Promise((resume) => {
      if (isReady()) resume();
      else waiting.push({ isReady, resume });
    });
  const resumeReady = (): void => {
    if (waiting.length === 0) return;
    const ready = waiting.filter(({ isReady }) => isReady());
    waiting = waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resume } of ready) resume();
  };

  return {
    add(idText, method) {
      lastId += 1;
      const controller = new AbortController();
      if (abortReason) controller.abort(abortReason);
      requests.set(lastId, { idText, method, controller });
      unsettled.add(lastId);
      return lastId;
    },
    get: (id) => requests.get(id),
    settle(id) {
      unsettled.delete(id);
      resumeReady();
    },
    remove(id) {
      requests.delete(id);
      unsettled.delete(id);
      resumeReady();
    },
    cancel(idText, isCancellable) {
      for (const request of requests.values()) {
        if (request.idText !== idText || !isCancellable(request.method)) continue;
        request.controller.abort(new AppError('cancelled', 'request cancelled'));
      }
    },
    abort(reason) {
      abortReason = reason;
      for (const { controller } of requests.values()) controller.abort(reason);
    },
    whenRoom: () => when(() => requests.size < limit),
    whenEmpty: () => when(() => requests.size === 0),
    whenSettled: () => when(() => unsettled.size === 0),
  };
}

interface Waiter {
  readonly isReady: () => boolean;
  readonly resume: () => void;
}
