import { amendedError, AppError } from '../../util/errors.js';
import { pause, untilAborted } from '../../util/waiting.js';
import { hasPlainStatus } from './failure.js';
import type { BackendIdentity } from './identity.js';
import { type BackendRequest, httpRequestOf, readReply, type RequestContext } from './request.js';
import { failureOf, retryDelayMs, retryWindowMs } from './retry.js';
import { startTimeLimit } from './time-limit.js';

export interface BackendReply<T> {
  readonly value: T;
  /** The body as text. */
  readonly text: string;
  /** The login that the backend answered: the renewed one, if the first was refused. */
  readonly identity: BackendIdentity;
}

/**
 * Sends a request to the backend and reads its reply.
 *
 * - A failed attempt is repeated if `retryDelayMs` says so.
 * - After a 401 the request is repeated with the renewed login, once. If that is refused too, the first refusal is the
 *   error (D2). No login is renewed for a 401 that means something else (D28).
 * - While a Retry-After lasts, a read is refused without being sent; a change is sent all the same (D13).
 *
 * @param signal ends a read at any time, and a change only while it is not being sent
 * @throws AppError, its message after the target's `errorPrefix`; the signal's reason once it is aborted
 */
export async function sendRequest<T>(
  context: RequestContext,
  request: BackendRequest<T>,
  signal: AbortSignal,
): Promise<BackendReply<T>> {
  const { clock, connections, pauses } = context;
  const { target, authorization, repeatability } = request;
  const { limitMs, timeoutMessage } = target;
  const isRead = repeatability === 'read';
  const startMs = clock.monotonicMs();
  const limit =
    limitMs === null
      ? { signal, end: () => undefined }
      : startTimeLimit({ clock, limitMs, message: timeoutMessage, signal: isRead ? signal : undefined });
  let { identity } = authorization;
  let refusal: AppError | undefined;
  let count = 0;
  try {
    for (;;) {
      // Before a retry the pause that the backend asked for has passed.
      if (isRead && count === 0) pauses.refuseDuring(target.text, identity);
      signal.throwIfAborted();
      request.requireIdentity?.(identity);
      count += 1;
      let failure: AppError;
      try {
        const reply = await connections.exchange(httpRequestOf(context, request, identity, limit.signal));
        return { value: readReply(request, identity, reply, clock), text: reply.text, identity };
      } catch (error) {
        limit.signal.throwIfAborted();
        if (!(error instanceof AppError)) throw error;
        failure = amendedError(error, { message: `${target.errorPrefix}: ${error.message}` });
      }
      request.onFailedAttempt?.(failure);
      if (isRead) pauses.note(target.text, identity, failure);

      if (hasPlainStatus(failure, 401)) {
        if (refusal) {
          authorization.noteRefused(identity);
          throw refusal;
        }
        // The renewal goes on when the time is up, and the refusal is the error.
        const renewed = await untilAborted(authorization.renew(), limit.signal).catch(() => undefined);
        if (isRead) signal.throwIfAborted();
        if (!renewed || signal.aborted) throw failure;
        refusal = failure;
        identity = renewed;
        count = 0;
        continue;
      }

      const delayMs = retryDelayMs({
        repeatability,
        count,
        failure: failureOf(failure),
        elapsedMs: clock.monotonicMs() - startMs,
        windowMs: retryWindowMs(repeatability, limitMs ?? undefined),
        random: context.random(),
      });
      if (delayMs === null) throw failure;
      await pause(clock, delayMs, AbortSignal.any([limit.signal, signal]));
    }
  } finally {
    limit.end();
  }
}
