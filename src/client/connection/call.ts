import type { Methods } from '../protocol.js';

/** The methods to call; the handshake is made by the client itself. */
export type Method = Exclude<keyof Methods, 'initialize'>;
export type ParamsOf<M extends Method> = Methods[M]['params'];
export type ResultOf<M extends Method> = Methods[M]['result'];

export interface CallOptions {
  /** Gives the call up; it then throws the signal's reason. The server may still carry it out. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit, all attempts included. */
  readonly timeoutMs?: number | undefined;
  readonly maxRetries?: number | undefined;
}

/** @throws RequestError when the server answers with an error, ConnectionError when it does not answer, the signal's reason */
export type Call = <M extends Method>(
  method: M,
  params: ParamsOf<M>,
  options?: CallOptions,
) => Promise<ResultOf<M>>;

/** Called before a call is sent again, the same to the letter. */
export type OnRetry = (retry: { method: Method; count: number; delayMs: number; error: unknown }) => void;
