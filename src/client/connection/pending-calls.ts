import { createDeferred, type Deferred } from '../../util/deferred.js';
import { RequestError } from './errors.js';
import type { ServerMessage } from './read-message.js';

/** The requests that wait for an answer. */
export interface PendingCalls {
  /**
   * Waits for the answer to the request with this id, until `signal` is aborted.
   *
   * @throws RequestError, what `fail` was called with, the signal's reason
   */
  wait(id: number, method: string, signal: AbortSignal | undefined): Promise<object>;
  /** Settles the request that this answers. Returns false if there is no such request, or it was answered before. */
  settle(answer: Extract<ServerMessage, { kind: 'result' | 'error' }>): boolean;
  /** Rejects all requests: no more answers arrive. */
  fail(reason: Error): void;
}

interface PendingCall extends Deferred<object> {
  readonly method: string;
}

export function createPendingCalls(): PendingCalls {
  const waiting = new Map<number, PendingCall>();
  /** The ids of aborted requests, whose answers may still arrive. */
  const abandoned = new Set<number>();

  return {
    async wait(id, method, signal) {
      const call = { method, ...createDeferred<object>() };
      const abandon = (): void => {
        if (waiting.delete(id)) abandoned.add(id);
        call.reject(signal?.reason as Error);
      };
      waiting.set(id, call);
      signal?.addEventListener('abort', abandon, { once: true });
      try {
        return await call.promise;
      } finally {
        signal?.removeEventListener('abort', abandon);
      }
    },
    settle(answer) {
      const call = waiting.get(answer.id);
      if (!call) return abandoned.delete(answer.id);
      waiting.delete(answer.id);
      if (answer.kind === 'result') call.resolve(answer.result);
      else call.reject(new RequestError(call.method, answer.error));
      return true;
    },
    fail(reason) {
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
}
