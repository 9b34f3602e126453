import { AppError } from '../util/errors.js';

/** A request that is being worked on. */
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
}

export function createPendingRequests(limit: number): PendingRequests {
  const requests = new Map<number, PendingRequest>();
  let waiting: { readonly below: number; readonly resume: () => void }[] = [];
  let lastId = 0;
  let abortReason: Error | undefined;

  const whenBelow = (below: number): Promise<void> =>
    new Promise((resume) => {
      if (requests.size < below) resume();
      else waiting.push({ below, resume });
    });

  return {
    add(idText, method) {
      lastId += 1;
      const controller = new AbortController();
      if (abortReason) controller.abort(abortReason);
      requests.set(lastId, { idText, method, controller });
      return lastId;
    },
    get: (id) => requests.get(id),
    remove(id) {
      requests.delete(id);
      const ready = waiting.filter(({ below }) => requests.size < below);
      if (ready.length === 0) return;
      waiting = waiting.filter((waiter) => !ready.includes(waiter));
      for (const { resume } of ready) resume();
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
    whenRoom: () => whenBelow(limit),
    whenEmpty: () => whenBelow(1),
  };
}
