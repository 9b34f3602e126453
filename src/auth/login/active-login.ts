import { randomUUID } from 'node:crypto';
import { AppError } from '../../util/errors.js';
import type { Log } from '../../util/log.js';
import { untilAborted } from '../../util/waiting.js';
import type { LoginFlow } from './flow.js';

/** The login in progress, at most one: a new one takes the place of the one before. */
export interface ActiveLogin {
  /**
   * Starts a login.
   * @throws the error of `start`; the signal's reason once it is aborted
   */
  begin<Answer extends object>(
    start: StartLogin<Answer>,
    call: LoginCall,
  ): Promise<Answer & { readonly loginId: string }>;
  /**
   * Cancels the login of this id. Resolves with false if it is not in progress, or was stored before. Its end is
   * reported after the answer to this call.
   * @throws the signal's reason once it is aborted
   */
  cancel(loginId: string, call: LoginCall): Promise<boolean>;
  /** Returns whether a login of this kind is in progress. */
  isOpen(kind: StartLogin<unknown>['kind']): boolean;
  /** Cancels the login in progress. Resolves when it can no longer store anything. @throws as `cancel` */
  giveUp(signal: AbortSignal): Promise<void>;
  /** Cancels the login in progress, and later ones as soon as they start. Does not report that they failed. */
  close(): Promise<void>;
}

export interface StartLogin<Answer> {
  readonly kind: 'browser' | 'device';
  readonly start: () => Promise<LoginFlow<Answer>>;
}

/** The request that starts or cancels a login. */
export interface LoginCall {
  readonly signal: AbortSignal;
  /** Resolves when its answer is written. */
  readonly answered: Promise<void>;
}

interface CurrentLogin {
  readonly loginId: string;
  readonly kind: StartLogin<unknown>['kind'];
  readonly finished: Promise<void>;
  readonly cancel: (message: string) => void;
  /** Resolves when the client has got the answers that must come before the end is reported. */
  mayReport: Promise<void>;
}

const notCompleted = 'Login was not completed';

export function createActiveLogin({
  log,
  onEnd,
}: {
  log: Log;
  /** Called when a login has ended: with the reason if it failed, and after its answer is written. */
  onEnd: (loginId: string, error: string | null) => Promise<void>;
}): ActiveLogin {
  let current: CurrentLogin | undefined;
  let isClosed = false;

  async function giveUp(message: string): Promise<void> {
    if (!current) return;
    current.cancel(message);
    await settled(current.finished);
  }

  async function watch(login: CurrentLogin): Promise<void> {
    const error = await failureOf(login.finished);
    if (current === login) current = undefined;
    await login.mayReport;
    try {
      if (!isClosed || error === null) await onEnd(login.loginId, error);
    } catch (unexpected) {
      // The message of an unexpected error may hold anything.
      log.error(`the end of a login was not reported: ${nameOf(unexpected)}`);
    }
  }

  return {
    async begin({ kind, start }, { signal, answered }) {
      // Two browser logins need the same port; the reference ends the older one with this text.
      const isReplaced = kind === 'browser' && current?.kind === 'browser';
      await untilAborted(giveUp(isReplaced ? 'Login cancelled' : notCompleted), signal);
      const starting = start();
      const { answer, finished, cancel } = await untilAborted(starting, signal).catch((error: unknown) => {
        void starting.then(
          (flow) => {
            flow.finished.catch(() => undefined);
            flow.cancel(notCompleted);
          },
          () => undefined,
        );
        throw error;
      });
      const login = { loginId: randomUUID(), kind, finished, cancel, mayReport: answered };
      current = login;
      void watch(login);
      if (isClosed) cancel(notCompleted);
      return { loginId: login.loginId, ...answer };
    },
    async cancel(loginId, { signal, answered }) {
      const login = current;
      if (login?.loginId !== loginId) return false;
      login.mayReport = answered;
      login.cancel(notCompleted);
      return (await untilAborted(failureOf(login.finished), signal)) !== null;
    },
    isOpen: (kind) => current?.kind === kind,
    giveUp: (signal) => untilAborted(giveUp(notCompleted), signal),
    async close() {
      isClosed = true;
      await giveUp(notCompleted);
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

async function settled(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}

/** Resolves with null for a success. The message of an unexpected error is not shown: it may hold anything. */
async function failureOf(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof AppError ? error.message : 'internal error';
  }
}
