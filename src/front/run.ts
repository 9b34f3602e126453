import type { spawn } from 'node:child_process';
import { type PassedAnswer, passedAnswer, type PassOnHost } from '../server/pass-on.js';
import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import type { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { createRequestsToClient } from './requests-to-client.js';
import { startChild, type UpstreamCommand } from './child.js';
import { type Envelope, idTextAt, readEnvelope, withId } from './envelope.js';
import { createHandshake, type FirstMessages } from './handshake.js';
import type { LoginFilter } from './login-filter.js';
import { unavailable } from './unavailable.js';

/** One run of the upstream program, from its start to its end. */
export interface Run {
  /** Resolves when it has answered `initialize` and what else it must know first. @throws AppError `upstreamUnavailable` */
  readonly ready: Promise<void>;
  /**
   * Passes a request on, under an id of ours.
   *
   * @param onAnswer called with whether it was successful, before the answer is passed on
   * @throws AppError `upstreamUnavailable` if the program ends first
   */
  request(passed: PassedRequest): Promise<PassedAnswer>;
  /** Sends a request of ours. Resolves with whether it was successful; false if the program ends first. */
  call(method: string, paramsText: string): Promise<boolean>;
  /** Sends a message without an id. */
  send(text: string): void;
  /** Passes an answer of the client on, if the program waits for it. */
  answer(idText: string, text: string): void;
  /** Whether the program owes an answer. */
  isBusy(): boolean;
  unsentBytes(): number;
  whenTaken(): Promise<void>;
  /** Answers the requests that wait for the client, and later ones. */
  answerForClient(): void;
  readonly gone: Promise<void>;
  end(graceMs: number): Promise<void>;
}

export interface PassedRequest {
  readonly text: string;
  /** Resolves once the response is written. Nothing behind it is passed on before that. */
  readonly answered: Promise<void>;
  readonly onAnswer?: ((isSuccess: boolean) => Promise<void>) | undefined;
}

export interface RunOptions {
  readonly command: UpstreamCommand;
  readonly firstMessages: FirstMessages;
  readonly host: PassOnHost;
  readonly loginFilter: LoginFilter;
  readonly clock: Clock;
  readonly log: Log;
  readonly spawn: typeof spawn;
  readonly onStderr: (chunk: Buffer) => void;
}

type Settle = (text: string, envelope: Envelope) => Promise<void> | undefined;

export function startRun(options: RunOptions): Run {
  const { command, firstMessages, host, loginFilter, clock, log } = options;
  const open = new Map<string, { readonly settle: Settle; readonly fail: (error: AppError) => void }>();
  const requestsToClient = createRequestsToClient(host, (text) => child.send(text));
  let lastId = 0;
  let ended: AppError | undefined;

  function add(settle: Settle, fail: (error: AppError) => void): string {
    lastId += 1;
    open.set(`${lastId}`, { settle, fail });
    return `${lastId}`;
  }

  function onLine(text: string): Promise<void> | undefined {
    const envelope = readEnvelope(text);
    if (!handshake.isOver()) {
      handshake.see(text, envelope);
      if (envelope?.kind !== 'response') return undefined;
    }
    if (!envelope) {
      log.warn('the upstream codex wrote a line that is not a message; it is dropped');
      return undefined;
    }
    switch (envelope.kind) {
      case 'response':
        return settle(text, envelope);
      case 'request':
        return requestsToClient.ask(text, envelope);
      case 'notification':
        return passNotification(text, envelope);
    }
  }

  function settle(text: string, envelope: Envelope): Promise<void> | undefined {
    const idText = envelope.id ? idTextAt(text, envelope.id) : '';
    const waiting = open.get(idText);
    open.delete(idText);
    return waiting?.settle(text, envelope);
  }

  function passNotification(text: string, envelope: Envelope): Promise<void> | undefined {
    const { method = '' } = envelope;
    if (method === 'serverRequest/resolved') return writeWhole(requestsToClient.resolved(text));
    if (!loginFilter.concerns(method)) return host.write(text.slice(envelope.start, envelope.end));
    if (!loginFilter.passes(method, text)) return undefined;
    return host
      .followLogin({ kind: method === 'account/updated' ? 'reread' : 'signedIn' })
      .then(() => writeWhole(text));
  }

  function writeWhole(text: string): Promise<void> | undefined {
    const envelope = readEnvelope(text);
    return envelope && host.write(text.slice(envelope.start, envelope.end));
  }

  const child = startChild(command, { ...options, onLine });
  const fail = (problem: string): AppError => {
    const error = unavailable(problem, { stderr: child.stderrText() });
    ended = error;
    for (const { fail: failOne } of open.values()) failOne(error);
    open.clear();
    return error;
  };
  const call = (method: string, paramsText: string): Promise<Envelope | undefined> =>
    new Promise((resolve) => {
      if (ended) {
        resolve(undefined);
        return;
      }
      const id = add(
        (_text, envelope) => {
          resolve(envelope);
          return undefined;
        },
        () => resolve(undefined),
      );
      child.send(`{"id":${id},"method":${JSON.stringify(method)},"params":${paramsText}}`);
    });
  const handshake = createHandshake({ firstMessages, child, clock, call, loginFilter });

  const gone = child.gone.then((reason) => {
    requestsToClient.forget();
    const error = fail(reason);
    handshake.fail(error);
    log.info(error.message);
  });
  handshake.result.catch(() => child.kill());

  return {
    ready: handshake.result,
    request({ text, answered, onAnswer }) {
      if (ended) return Promise.reject(ended);
      const answer = createDeferred<PassedAnswer>();
      const id = add((answerText, envelope) => {
        const { id: span, start, end } = envelope;
        if (!span) return undefined;
        const passed = passedAnswer(answerText.slice(start, span.start), answerText.slice(span.end, end));
        if (!onAnswer) {
          answer.resolve(passed);
          return answered;
        }
        return onAnswer(!envelope.isError).then(() => {
          answer.resolve(passed);
          return answered;
        });
      }, answer.reject);
      child.send(withId(text, id));
      return answer.promise;
    },
    call: async (method, paramsText) => (await call(method, paramsText))?.isError === false,
    send: child.send,
    answer(idText, text) {
      const own = requestsToClient.answer(idText, text);
      if (own !== undefined) child.send(own);
    },
    isBusy: () => open.size > 0,
    unsentBytes: child.unsentBytes,
    whenTaken: child.whenTaken,
    answerForClient: requestsToClient.refuse,
    gone,
    end: child.end,
  };
}
