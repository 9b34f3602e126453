import type { ServerResponse } from 'node:http';
import type { Clock } from '../../util/clock.js';
import type { RecordedRequest } from './exchange.js';

/** A request that has ended. It carries no token and no body. */
export interface LoggedRequest {
  /** Milliseconds since the Unix epoch at which it came. */
  readonly atMs: number;
  readonly method: string;
  /** Without the query, which may hold codes of a login. */
  readonly path: string;
  /** Null if the connection was closed before the whole reply was sent. */
  readonly status: number | null;
  readonly durationMs: number;
}

/** Calls back when the reply to a request is sent, or its connection closed. */
export function logRequest(
  request: RecordedRequest,
  response: ServerResponse,
  { clock, onEnd }: { readonly clock: Clock; readonly onEnd: (entry: LoggedRequest) => void },
): void {
  const atMs = clock.nowMs();
  const startMs = clock.monotonicMs();
  response.once('close', () => {
    onEnd({
      atMs,
      method: request.method,
      path: request.url.replace(/\?.*$/s, ''),
      status: response.writableFinished ? response.statusCode : null,
      durationMs: clock.monotonicMs() - startMs,
    });
  });
}
