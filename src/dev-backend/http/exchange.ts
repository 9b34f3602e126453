import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import type { Clock } from '../../util/clock.js';

export interface RecordedRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  /** Empty until it is complete. */
  body: string;
}

export interface Reply {
  /** Defaults to 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Strings and Buffers are sent verbatim, other values as JSON. Undefined is an empty body. */
  body?: unknown;
  delayMs?: number;
  /** Closes the connection in place of a reply. */
  isLost?: boolean;
}

const bodyLimitBytes = 1_048_576;

/**
 * Calls back with the body as text, or with undefined if it exceeds 1 MiB. Does not call back if the connection is lost
 * first. Reads and drops the rest of a body that is too large, because many clients read no response while they send.
 */
export function readBody(request: IncomingMessage, callback: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= bodyLimitBytes) chunks.push(chunk);
  });
  request.on('end', () => {
    callback(sizeBytes <= bodyLimitBytes ? Buffer.concat(chunks).toString() : undefined);
  });
}

/** Sends the reply after its delay, unless the connection is closed before. */
export function sendReply(response: ServerResponse, reply: Reply, clock: Clock): void {
  const delayMs = reply.delayMs ?? 0;
  if (delayMs === 0) {
    sendNow(response, reply);
    return;
  }
  const cancel = clock.after(delayMs, () => {
    sendNow(response, reply);
  });
  response.once('close', cancel);
}

function sendNow(response: ServerResponse, reply: Reply): void {
  if (reply.isLost) {
    response.destroy();
    return;
  }
  response.statusCode = reply.status ?? 200;
  if (reply.body !== undefined) response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.end(bodyBytes(reply.body));
}

function bodyBytes(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}
