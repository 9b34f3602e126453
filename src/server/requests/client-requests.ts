import type { ClientMethod, ClientResult, RequestClient } from '../../protocol/methods.js';
import { clientResultShapes } from '../../protocol/param-shapes.js';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { valueFromText } from './params.js';

/** Requests that the server sends to its client. */
export interface ClientRequests {
  readonly request: RequestClient;
  /**
   * Settles the request with this id. Returns false for an unknown id. `result` is undefined if the client sent an error.
   */
  answer(idText: string, result: unknown): boolean;
  /** Returns an id that no request has had. */
  nextId(): number;
  /** Rejects the pending requests and every later one, because the client can no longer answer. */
  end(): void;
}

const answerLimitMs = 10_000;

export function createClientRequests(options: {
  clock: Clock;
  /** Writes the request. */
  send: (id: number, method: ClientMethod, params: object) => void;
  /** Called with true when a first request becomes pending, with false when the last one is settled. */
  onPendingChange: (isPending: boolean) => void;
}): ClientRequests {
  const { clock, send, onPendingChange } = options;
  const open = new Map<string, (answer: { result: unknown } | AppError) => void>();
  let lastId = 0;
  const nextId = (): number => (lastId += 1);
  let hasEnded = false;

  function exchange(method: ClientMethod, params: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (hasEnded) {
        reject(ended());
        return;
      }
      const id = nextId();
      const idText = `${id}`;
      const cancelTimer = clock.after(answerLimitMs, () => {
        open.get(idText)?.(new AppError('timedOut', 'the client did not answer in time'));
      });
      open.set(idText, (answer) => {
        cancelTimer();
        open.delete(idText);
        if (open.size === 0) onPendingChange(false);
        if (answer instanceof AppError) reject(answer);
        else resolve(answer.result);
      });
      if (open.size === 1) onPendingChange(true);
      send(id, method, params);
    });
  }

  return {
    async request(method, params) {
      const result = await exchange(method, params);
      try {
        // The result is undefined if the client sent an error.
        const read = valueFromText(clientResultShapes[method], JSON.stringify(result ?? null));
        return read as ClientResult<typeof method>;
      } catch (cause) {
        throw new AppError('badReply', "the client's answer cannot be used", { cause });
      }
    },
    answer(idText, result) {
      const settle = open.get(idText);
      settle?.({ result });
      return settle !== undefined;
    },
    nextId,
    end() {
      hasEnded = true;
      for (const settle of [...open.values()]) settle(ended());
    },
  };
}

function ended(): AppError {
  return new AppError('shuttingDown', 'server is shutting down');
}
