import { changeSince } from '../../limits/change.js';
import { countsAsFailure, failureWaitMs } from '../../limits/pace.js';
import type { Clock } from '../../util/clock.js';
import { createFlag } from '../../util/flag.js';
import { pause, untilAborted } from '../../util/waiting.js';
import type { Call } from '../connection/call.js';
import type { Connection } from '../connection/connection.js';
import { AccountServerError } from '../error.js';
import { ConnectionError, RequestError } from '../connection/errors.js';
import { backOffMs, isPassing } from '../connection/retry.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { WatchProblem } from './options.js';

/** One watch of a client. */
export interface Watch {
  readonly intervalSecs: number;
  /** The limits that were handed over last; undefined before the first read. */
  readonly limits: GetAccountRateLimitsResponse | undefined;
  /** The server that was last asked to watch; undefined until one is. */
  readonly connection: Connection | undefined;
  /**
   * Reads the limits and hands them over, then asks the server to watch. Reads again after each change, and later if a
   * read fails. Limits that have not changed are not handed over again: two reports can be of one change.
   *
   * @throws if the watch cannot begin or cannot continue
   */
  run(): Promise<never>;
  /** Requests another read. */
  requestRead(): void;
  /** The next read ends a problem, so that it is handed over even if nothing has changed. */
  noteProblem(): void;
  /** Ends the watch: a call in flight and `run` throw `reason`. */
  end(reason?: Error): void;
  /** Aborted after the watch has ended. */
  readonly signal: AbortSignal;
}

/** The services that all watches of a client share. */
export interface WatchServices {
  readonly open: () => Promise<{ readonly connection: Connection }>;
  readonly call: Call;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export interface WatchContext extends WatchServices {
  readonly intervalSecs: number;
  /** Returns the interval that the server is asked to watch with. */
  readonly sharedIntervalSecs: () => number;
  /** Called with the limits after each read. It must not throw. */
  readonly onRead: (limits: GetAccountRateLimitsResponse) => void;
  /** Called after each read that failed and is made again; undefined if the first read has to succeed. It must not throw. */
  readonly onProblem: ((problem: WatchProblem) => void) | undefined;
  /** Called when this server has agreed to watch. */
  readonly onWatching: (connection: Connection) => void;
}

export const watchMethod = 'account/rateLimits/watch';

export function createWatch(options: WatchContext): Watch {
  const { open, call, clock, random, intervalSecs, sharedIntervalSecs, onRead, onProblem, onWatching } =
    options;
  const controller = new AbortController();
  const { signal } = controller;
  const readWanted = createFlag();
  let asked: Connection | undefined;
  let watching: Connection | undefined;
  let limits: GetAccountRateLimitsResponse | undefined;
  let hasProblem = false;

  async function read(): Promise<void> {
    readWanted.lower();
    const { connection } = await untilAborted(open(), signal);
    const found = await call('account/rateLimits/read', {}, { signal });
    if (hasProblem || changeSince(limits, found).hasChanged) onRead((limits = found));
    hasProblem = false;
    if (connection === watching) return;
    asked = connection;
    // The server reports changes since the read above.
    await call(watchMethod, { intervalSecs: sharedIntervalSecs() }, { signal });
    watching = connection;
    onWatching(connection);
  }

  async function run(): Promise<never> {
    for (let failures = 0, mustRead = true; ;) {
      try {
        if (!mustRead) await untilReadWanted();
        await read();
        failures = 0;
        mustRead = false;
      } catch (error) {
        signal.throwIfAborted();
        const hasBegun = limits !== undefined;
        if (!(error instanceof AccountServerError) || isFinal(error, hasBegun)) throw error;
        if (!hasBegun && !onProblem) throw error;
        mustRead = true;
        if (!(error instanceof RequestError) || countsAsFailure(error.kind)) failures += 1;
        await pauseAfter(error, failures);
      }
    }
  }

  /** Waits after a failed read. A change that the server reports ends the wait, unless the backend asked for it. */
  async function pauseAfter(error: AccountServerError, failures: number): Promise<void> {
    const reported = new AbortController();
    if (error instanceof RequestError && error.retryAfterMs === undefined) {
      void readWanted.untilRaised().then(() => reported.abort());
    }
    const signals = AbortSignal.any([signal, reported.signal]);
    const delayMs = waitMs(error, failures);
    hasProblem = true;
    onProblem?.({ error, nextReadAtMs: clock.nowMs() + delayMs });
    await pause(clock, delayMs, signals).catch(() => signal.throwIfAborted());
  }

  /** @throws ConnectionError if the server has exited, so that the next one is started after a pause */
  async function untilReadWanted(): Promise<void> {
    await untilAborted(readWanted.untilRaised(), signal);
    if (watching?.failure) throw watching.failure;
  }

  function waitMs(error: AccountServerError, failures: number): number {
    if (error instanceof ConnectionError) return backOffMs(failures - 1, random());
    const { retryAfterMs } = error;
    return failureWaitMs({ intervalMs: intervalSecs * 1000, failures, retryAfterMs, random: random() });
  }

  return {
    intervalSecs,
    get limits() {
      return limits;
    },
    get connection() {
      return asked;
    },
    run,
    requestRead: readWanted.raise,
    noteProblem() {
      hasProblem = true;
    },
    end: (reason) => controller.abort(reason),
    signal,
  };
}

/** The reasons why no server runs that no later start removes. */
const unstartable: ReadonlySet<string> = new Set([
  'serverNotFound',
  'serverNotExecutable',
  'serverNotStarted',
  'unsupportedServer',
]);

/**
 * Decides whether reading again is useless: the server cannot be started, or permanently refuses to watch. A server that
 * has worked before is started several times, because its program may just be being replaced.
 */
function isFinal(error: AccountServerError, hasBegun: boolean): boolean {
  if (error instanceof ConnectionError) {
    if (error.kind === 'tooManyFailedStarts' || error.kind === 'closed') return true;
    return !hasBegun && unstartable.has(error.kind);
  }
  return error instanceof RequestError && error.method === watchMethod && !isPassing(error, watchMethod);
}
