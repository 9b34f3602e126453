import type { Methods } from '../protocol.js';
import type { OpenConnection } from './server-link.js';

/** A method that callers may call. The client sends `initialize` itself. */
export type Method = Exclude<keyof Methods, 'initialize'>;
export type ParamsOf<M extends Method> = Methods[M]['params'];
export type ResultOf<M extends Method> = Methods[M]['result'];

export interface CallOptions {
  /** Aborts the call, which then throws the signal's reason. The server may still carry it out. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit, including retries. */
  readonly timeoutMs?: number | undefined;
  readonly maxRetries?: number | undefined;
}

/** The options of a call within this library. */
export interface ObservedCallOptions extends CallOptions {
  /** Called right before the request is sent, and before each retry. */
  readonly onSend?: ((server: OpenConnection) => void) | undefined;
}

/**
 * @throws RequestError if the server answers with an error; ConnectionError if it does not answer; the signal's reason
 */
export type Call = <M extends Method>(
  method: M,
  params: ParamsOf<M>,
  options?: ObservedCallOptions,
) => Promise<ResultOf<M>>;

/** Called before a call is sent again, unchanged. */
export type OnRetry = (retry: { method: Method; count: number; delayMs: number; error: unknown }) => void;
