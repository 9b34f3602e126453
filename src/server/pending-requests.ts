import { createDeferred } from '../util/deferred.js';
import { AppError } from '../util/errors.js';

/** A request that was read and is not yet answered. */
export interface PendingRequest {
  /** An id of our own: clients may use equal ids at the same time, and ids that no double holds. */
  readonly internalId: number;
  /** The client's id as JSON. */
  readonly idText: string;
  readonly method: string;
  /** Aborted when the answer is no longer wanted, with the error to answer as its reason. */
  readonly signal: AbortSignal;
  /** Resolves once its answer is written. */
  readonly answered: Promise<void>;
}

export interface PendingRequests {
  /** `bytes` is what holding it costs. */
  add(request: { idText: string; method: string; bytes: number }): PendingRequest;
  get(internalId: number): PendingRequest | undefined;
  /** Call once its answer is known, though not yet written. */
  settle(internalId: number): void;
  /** Call once its answer is written. */
  remove(internalId: number): void;
  /** Aborts those with the client's id that `isCancellable` lets go. */
  cancel(idText: string, isCancellable: (method: string) => boolean): void;
  /** Aborts all of them, and from now on each one as it is added. */
  abort(reason: Error): void;
  /** Whether what is open is below both limits. */
  hasRoom(): boolean;
  /** Resolves as soon as there is room. */
  whenRoom(): Promise<void>;
  /**
   * Says whether a request of ours waits for the client. Its answer may stand behind many requests that wait for it in
   * turn, so more of them are taken in meanwhile; D16.
   */
  setClientRequestPending(isPending: boolean): void;
  /** Resolves as soon as none is open. */
  whenEmpty(): Promise<void>;
  /** Resolves as soon as the answers of all that are open are known. */
  whenSettled(): Promise<void>;
}

interface Entry extends PendingRequest {
  readonly bytes: number;
  readonly controller: AbortController;
  readonly markAnswered: () => void;
  isSettled: boolean;
}

/** How much may be open. */
export interface OpenLimits {
  readonly count: number;
  readonly bytes: number;
}

/** @param limits `usual`, and those that hold while the client is asked */
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
