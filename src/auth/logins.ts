import { randomUUID } from 'node:crypto';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { untilAborted } from '../util/waiting.js';
import type { LoginFlow } from './login-flow.js';

/** Logins that wait for a person: one at a time, the newest. */
export interface Logins {
  /**
   * Begins a login in the place of the one before.
   * @throws the error of `start`; the signal's reason once it is aborted
   */
  begin<Answer extends object>(
    start: StartLogin<Answer>,
    call: LoginCall,
  ): Promise<Answer & { readonly loginId: string }>;
  /**
   * Gives up the login of that id; false: it is not under way, or is stored by now. Told of after the answer.
   * @throws the signal's reason once it is aborted
   */
  cancel(loginId: string, call: LoginCall): Promise<boolean>;
  /** Gives up what is under way. Resolves once it can store nothing any more. @throws as `cancel` */
  giveUp(signal: AbortSignal): Promise<void>;
  /** Gives up what is under way, and from now on whatever is begun, without a word. */
  close(): Promise<void>;
}

export interface StartLogin<Answer> {
  readonly kind: 'browser' | 'device';
  readonly start: () => Promise<LoginFlow<Answer>>;
}

/** The request that a login belongs to. */
export interface LoginCall {
  readonly signal: AbortSignal;
  readonly answered: Promise<void>;
}

interface ActiveLogin {
  readonly loginId: string;
  readonly kind: StartLogin<unknown>['kind'];
  readonly finished: Promise<void>;
  readonly cancel: (message: string) => void;
  /** What the client must have heard first. */
  mayTell: Promise<void>;
}

const notCompleted = 'Login was not completed';

export function createLogins({
  log,
  onEnd,
}: {
  log: Log;
  /** Told of each login that has ended, with the reason where it failed, once its answer is written. */
  onEnd: (loginId: string, error: string | null) => Promise<void>;
}): Logins {
  let active: ActiveLogin | undefined;
  let isClosed = false;

  async function giveUp(message: string): Promise<void> {
    if (!active) return;
    active.cancel(message);
    await settled(active.finished);
  }

  async function watch(login: ActiveLogin): Promise<void> {
    const error = await failureOf(login.finished);
    if (active === login) active = undefined;
    await login.mayTell;
    try {
      if (!isClosed || error === null) await onEnd(login.loginId, error);
    } catch (unforeseen) {
      // Nobody waits for this, and its message may hold anything.
      log.error(`the end of a login was not told: ${nameOf(unforeseen)}`);
    }
  }

  return {
    async begin({ kind, start }, { signal, answered }) {
      // Two browser logins want one port, and the older hears of it there.
      const isReplaced = kind === 'browser' && active?.kind === 'browser';
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
      const login: ActiveLogin = { loginId: randomUUID(), kind, finished, cancel, mayTell: answered };
      active = login;
      void watch(login);
      if (isClosed) cancel(notCompleted);
      return { loginId: login.loginId, ...answer };
    },
    async cancel(loginId, { signal, answered }) {
      const login = active;
      if (login?.loginId !== loginId) return false;
      login.mayTell = answered;
      login.cancel(notCompleted);
      return (await untilAborted(failureOf(login.finished), signal)) !== null;
    },
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

/** Null for a success. What was not foreseen might say anything, and is not shown. */
async function failureOf(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error instanceof AppError ? error.message : 'internal error';
  }
}
