import type { PassedAnswer, PassOnHost, ReadRequest } from '../server/pass-on.js';
import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { untilAborted, withinMs } from '../util/waiting.js';
import type { UpstreamCommand } from './child.js';
import type { FirstMessages } from './handshake.js';
import { createLoginFilter, type LoginFilter } from './login-filter.js';
import { type Run, startRun } from './run.js';
import { createStartBudget } from './start-budget.js';
import { unavailable } from './unavailable.js';

/** The upstream program over all of its runs. The first request starts it; after a crash the next one does. */
export interface Upstream {
  /**
   * Passes a request on, behind those before it.
   * @throws AppError `upstreamUnavailable`; the signal's reason once it is aborted
   */
  request(read: ReadRequest, onAnswer?: (isSuccess: boolean) => Promise<void>): Promise<PassedAnswer>;
  /** Passes a notification on, if the program runs or is being started. */
  notify(text: string): void;
  /** Passes an answer of the client on, if the program waits for it. */
  answer(idText: string, text: string): void;
  /** Sends a request of ours, if the program runs. Resolves when it is answered, or cannot be. */
  call(method: string, paramsText: string): Promise<void>;
  /** Returns a promise if the program takes messages too slowly. */
  whenWritable(): Promise<void> | undefined;
  /** Whether it runs or is being started. */
  isActive(): boolean;
  /** Whether it may be refreshing tokens: from shortly before its start to its end. */
  mayRefresh(): boolean;
  /** Decides who notifies the client of its login; undefined if the program is not active. */
  loginFilter(): LoginFilter | undefined;
  /** Starts it again before the next request, as soon as it owes nothing: it has missed a login. */
  restartSoon(): void;
  inputEnded(): void;
  end(how: 'drain' | 'abort'): Promise<void>;
}

export interface UpstreamOptions {
  readonly command: UpstreamCommand;
  readonly host: PassOnHost;
  readonly firstMessages: () => FirstMessages;
  /** The client's `initialized`, if it has come. */
  readonly initialized: () => string | undefined;
  /** Resolves when no login or logout of ours is in progress. */
  readonly ownLoginsSettled: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onStderr: (chunk: Buffer) => void;
}

/** The program may take seconds to end: codex without a network takes five. */
const endGraceMs = { drain: 8_000, abort: 1_500 };

/** How long a start waits for a login of ours. */
const ownLoginWaitMs = 15_000;

const maxUnsentBytes = 1024 * 1024;

interface Current {
  readonly loginFilter: LoginFilter;
  /** @throws AppError `upstreamUnavailable` */
  readonly starting: Promise<Run>;
  /** Until the program is started, the one that it follows. */
  run: Run | undefined;
  isReady: boolean;
  mayRefresh: boolean;
  isOutdated: boolean;
  /** The messages that wait for the start, in their order. */
  readonly waiting: Waiting[];
  /** The size of the notifications among it. */
  waitingBytes: number;
}

/** Is sent as soon as the program is ready, or fails. */
interface Waiting {
  readonly send: (run: Run) => void;
  readonly fail?: (error: unknown) => void;
}

export function createUpstream(options: UpstreamOptions): Upstream {
  const { command, host, clock, log, onStderr } = options;
  const budget = createStartBudget(clock);
  let current: Current | undefined;
  let isEnding = false;
  let hasInputEnded = false;

  function start(after?: Run): Current {
    const loginFilter = createLoginFilter();
    const started = createDeferred<Run>();
    const own: Current = {
      ...{ loginFilter, starting: started.promise },
      ...{ run: after, isReady: false, mayRefresh: after !== undefined, isOutdated: false },
      ...{ waiting: [], waitingBytes: 0 },
    };
    const initialized = options.initialized();
    if (initialized !== undefined) own.waiting.push({ send: (run) => run.send(initialized) });
    own.starting.then(
      (run) => {
        own.isReady = true;
        for (const { send } of own.waiting.splice(0)) send(run);
      },
      (error: unknown) => {
        if (current === own) current = undefined;
        for (const { fail } of own.waiting.splice(0)) fail?.(error);
      },
    );
    started.resolve(startOwn(own, after));
    return own;
  }

  async function startOwn(own: Current, after: Run | undefined): Promise<Run> {
    await after?.end(endGraceMs.drain);
    own.run = undefined;
    own.mayRefresh = false;
    const retryAfterMs = budget.take();
    if (retryAfterMs !== undefined) throw unavailable('was started too often', { retryAfterMs });
    // The program reads the stored login once.
    await withinMs(clock, ownLoginWaitMs, options.ownLoginsSettled());
    own.mayRefresh = true;
    await host.refreshesSaved();
    const { spawn } = await import('node:child_process');
    if (isEnding) throw new AppError('shuttingDown', 'server is shutting down');
    const firstMessages = options.firstMessages();
    const run = startRun({
      command,
      firstMessages,
      host,
      loginFilter: own.loginFilter,
      clock,
      log,
      spawn,
      onStderr,
    });
    own.run = run;
    void run.gone.then(() => {
      if (current === own) current = undefined;
    });
    if (hasInputEnded) run.answerForClient();
    await run.ready;
    return run;
  }

  function active(): Current {
    if (!current) current = start();
    else if (current.isOutdated && current.isReady && current.run && !current.run.isBusy()) {
      current = start(current.run);
    }
    return current;
  }

  return {
    async request(read, onAnswer) {
      if (isEnding) throw new AppError('shuttingDown', 'server is shutting down');
      const { text, answered, signal } = read;
      const now = active();
      const answer = createDeferred<PassedAnswer>();
      const send = (run: Run): void => {
        if (!signal.aborted) answer.resolve(run.request({ text, answered, onAnswer }));
      };
      if (now.isReady && now.run) send(now.run);
      else now.waiting.push({ send, fail: (error) => answer.reject(error as Error) });
      return untilAborted(answer.promise, signal);
    },
    notify(text) {
      const now = current;
      if (now?.isReady) now.run?.send(text);
      if (!now || now.isReady) return;
      now.waiting.push({ send: (run) => run.send(text) });
      now.waitingBytes += text.length;
    },
    answer: (idText, text) => current?.run?.answer(idText, text),
    async call(method, paramsText) {
      const run = await current?.starting.catch(() => undefined);
      await run?.call(method, paramsText);
    },
    whenWritable() {
      const now = current;
      if (!now) return undefined;
      if (now.run && now.run.unsentBytes() > maxUnsentBytes) return now.run.whenTaken();
      if (now.isReady || now.waitingBytes <= maxUnsentBytes) return undefined;
      return now.starting.then(
        () => undefined,
        () => undefined,
      );
    },
    isActive: () => current !== undefined,
    mayRefresh: () => current?.mayRefresh ?? false,
    loginFilter: () => current?.loginFilter,
    restartSoon() {
      if (current) current.isOutdated = true;
    },
    inputEnded() {
      hasInputEnded = true;
      current?.run?.answerForClient();
    },
    async end(how) {
      isEnding = true;
      const now = current;
      await now?.run?.end(endGraceMs[how]);
      await now?.starting.catch(() => undefined);
    },
  };
}
