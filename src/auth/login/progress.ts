import { createDeferred } from '../../util/deferred.js';
import { AppError } from '../../util/errors.js';

/** The state of a browser login, which ends once. */
export interface LoginProgress {
  /** Resolves when it has succeeded. @throws AppError `loginFailed` */
  readonly finished: Promise<void>;
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  isStored(): boolean;
  /** Whether it was given up while it was being stored: it then ends as soon as it is stored. */
  isGivenUp(): boolean;
  /** Aborted, with the failure, when it is given up while it is being stored. */
  readonly storeSignal: AbortSignal;
  /** Call before it is stored. From then on `giveUp` only aborts `storeSignal`. */
  storing(): void;
  stored(): void;
  succeed(): void;
  fail(message: string): void;
  /** Ends it early: as a failure, or as a success if it is stored (D1). */
  giveUp(message: string): void;
}

export function createLoginProgress(onEnd: () => void): LoginProgress {
  const ended = new AbortController();
  let phase: 'waiting' | 'storing' | 'stored' = 'waiting';
  const storing = new AbortController();
  const { promise: finished, resolve, reject } = createDeferred();
  // It may fail before anything waits for it.
  finished.catch(() => undefined);

  function end(settle: () => void): void {
    if (ended.signal.aborted) return;
    ended.abort();
    onEnd();
    settle();
  }

  const succeed = (): void => {
    end(resolve);
  };
  const fail = (message: string): void => {
    end(() => {
      reject(new AppError('loginFailed', message));
    });
  };

  return {
    finished,
    signal: ended.signal,
    isStored: () => phase === 'stored',
    isGivenUp: () => storing.signal.aborted,
    storeSignal: storing.signal,
    storing() {
      phase = 'storing';
    },
    stored() {
      phase = 'stored';
    },
    succeed,
    fail,
    giveUp(message) {
      if (phase === 'waiting') fail(message);
      else if (phase === 'stored') succeed();
      else storing.abort(new AppError('loginFailed', message));
    },
  };
}
