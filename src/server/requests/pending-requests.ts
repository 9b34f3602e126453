import { createDeferred } from '../../util/deferred.js';
import { AppError } from '../../util/errors.js';

/** A request that has been read and not answered. */
export interface PendingRequest {
  /** Our own id. A client may use an id twice at a time, or one that a double cannot hold. */
  readonly internalId: number;
  /** The client's id as JSON. */
  readonly idText: string;
  readonly method: string;
  /** Aborted if the request is cancelled or the server shuts down. Its reason is the error to answer with. */
  readonly signal: AbortSignal;
  /** Resolves once the response is written. */
  readonly answered: Promise<void>;
}

export interface PendingRequests {
  /** Adds a request. `bytes` is its size in memory. */
  add(request: { idText: string; method: string; bytes: number }): PendingRequest;
  get(internalId: number): PendingRequest | undefined;
  /** Call when the response is known, before it is written. */
  settle(internalId: number): void;
  /** Call when the response is written. */
  remove(internalId: number): void;
  /** Aborts the requests with this id of the client whose method is cancellable. */
  cancel(idText: string, isCancellable: (method: string) => boolean): void;
  /** Aborts every request, and each later one as it is added. */
  abort(reason: Error): void;
  /** Reports whether number and size of the pending requests are below their limits. */
  hasRoom(): boolean;
  /** Resolves as soon as there is room. */
  whenRoom(): Promise<void>;
  /**
   * Switches between the limits. The response to a request of the server may arrive behind many requests that wait for
   * it, so more of them are read in the meantime (D16).
   */
  setClientRequestPending(isPending: boolean): void;
  /** Resolves when no request is pending. */
  whenEmpty(): Promise<void>;
  /** Resolves when the responses to all pending requests are known. */
  whenSettled(): Promise<void>;
}

interface Entry extends PendingRequest {
  readonly bytes: number;
  readonly controller: AbortController;
  readonly markAnswered: () => void;
  isSettled: boolean;
}

/** The limits for pending requests. Reading pauses at either of them. */
export interface OpenLimits {
  readonly count: number;
  readonly bytes: number;
}

/** @param limits `duringClientRequest` applies while a request of the server waits for the client */
export function createPendingRequests(limits: {
  usual: OpenLimits;
  duringClientRequest: OpenLimits;
}): PendingRequests {
  const entries = new Map<number, Entry>();
  let openBytes = 0;
  let unsettled = 0;
  let waiting: { readonly isReady: () => boolean; readonly resume: () => void }[] = [];
  let lastId = 0;
  let abortReason: Error | undefined;
  let limit = limits.usual;

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
  const hasRoom = (): boolean => entries.size < limit.count && openBytes < limit.bytes;
  const settle = (entry: Entry | undefined): void => {
    if (!entry || entry.isSettled) return;
    entry.isSettled = true;
    unsettled -= 1;
  };

  return {
    add(request) {
      lastId += 1;
      const controller = new AbortController();
      if (abortReason) controller.abort(abortReason);
      const { promise: answered, resolve: markAnswered } = createDeferred();
      const entry: Entry = {
        internalId: lastId,
        idText: request.idText,
        method: request.method,
        bytes: request.bytes,
        signal: controller.signal,
        answered,
        controller,
        markAnswered,
        isSettled: false,
      };
      entries.set(lastId, entry);
      openBytes += request.bytes;
      unsettled += 1;
      return entry;
    },
    get: (internalId) => entries.get(internalId),
    settle(internalId) {
      settle(entries.get(internalId));
      resumeReady();
    },
    remove(internalId) {
      const entry = entries.get(internalId);
      if (!entry) return;
      settle(entry);
      entries.delete(internalId);
      openBytes -= entry.bytes;
      entry.markAnswered();
      resumeReady();
    },
    cancel(idText, isCancellable) {
      for (const entry of entries.values()) {
        if (entry.idText !== idText || !isCancellable(entry.method)) continue;
        entry.controller.abort(new AppError('cancelled', 'request cancelled'));
      }
    },
    abort(reason) {
      abortReason = reason;
      for (const { controller } of entries.values()) controller.abort(reason);
    },
    hasRoom,
    whenRoom: () => when(hasRoom),
    setClientRequestPending(isPending) {
      limit = isPending ? limits.duringClientRequest : limits.usual;
      resumeReady();
    },
    whenEmpty: () => when(() => entries.size === 0),
    whenSettled: () => when(() => unsettled === 0),
  };
}
