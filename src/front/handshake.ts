import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import type { AppError } from '../util/errors.js';
import { withinMs } from '../util/waiting.js';
import type { Child } from './child.js';
import type { Envelope } from './envelope.js';
import type { LoginFilter } from './login-filter.js';
import { unavailable } from './unavailable.js';

/** The messages that the upstream program gets before anything else. */
export interface FirstMessages {
  /** The params of the client's own `initialize`, as JSON. */
  readonly initializeParams: string;
  /** The params of the login with tokens that the client owns, if it is in force. */
  readonly hostTokensParams: string | undefined;
}

export interface Handshake {
  /** @throws AppError `upstreamUnavailable` */
  readonly result: Promise<void>;
  isOver(): boolean;
  /** Looks at a line before the answer to `initialize`. */
  see(text: string, envelope: Envelope | undefined): void;
  fail(error: AppError): void;
}

/** A program that starts slowly may need seconds. */
const answerLimitMs = 15_000;

/** A script in front of the program may write a few lines. */
const maxForeignBytes = 64 * 1024;

const otherProgram = 'does not speak the protocol of codex app-server';

export function createHandshake(options: {
  firstMessages: FirstMessages;
  child: Child;
  clock: Clock;
  call: (method: string, paramsText: string) => Promise<Envelope | undefined>;
  loginFilter: LoginFilter;
}): Handshake {
  const { firstMessages, child, clock, call, loginFilter } = options;
  const failed = createDeferred<never>();
  failed.promise.catch(() => undefined);
  const refuse = (problem: string): void =>
    failed.reject(unavailable(problem, { stderr: child.stderrText() }));
  let isOver = false;
  let foreignBytes = 0;

  async function sendFirst(): Promise<void> {
    const answer = await within(call('initialize', firstMessages.initializeParams));
    if (answer.isError) throw unavailable('has refused initialize', { stderr: child.stderrText() });
    if (firstMessages.hostTokensParams === undefined) return;
    // The client has got the answer and the notifications of this login before.
    loginFilter.dropNext();
    const { isError } = await within(call('account/login/start', firstMessages.hostTokensParams));
    if (isError) loginFilter.dropNone();
  }

  async function within(call: Promise<Envelope | undefined>): Promise<Envelope> {
    const answer = await withinMs(clock, answerLimitMs, call);
    if (answer) return answer;
    throw unavailable('does not answer', { stderr: child.stderrText() });
  }

  const result = Promise.race([sendFirst(), failed.promise]);
  result.catch(() => undefined);
  return {
    result,
    isOver: () => isOver,
    see(text, envelope) {
      if (envelope?.kind === 'request') refuse(otherProgram);
      // Only `initialize` waits for an answer.
      if (envelope?.kind === 'response') isOver = true;
      if (envelope) return;
      foreignBytes += text.length + 1;
      if (foreignBytes > maxForeignBytes) refuse(otherProgram);
    },
    fail: (error) => failed.reject(error),
  };
}
