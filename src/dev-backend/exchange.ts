import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import type { Clock } from '../util/clock.js';

export interface RecordedRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  /** Empty until it has arrived as a whole. */
  body: string;
}

export interface Reply {
  /** 200 unless given. */
  status?: number;
  headers?: Record<string, string>;
  /** Text and Buffers go out verbatim, anything else as JSON; undefined is an empty body. */
  body?: unknown;
  delayMs?: number;
}

const bodyLimitBytes = 1_048_576;

/**
 * Calls back with the body as text, or with undefined when it exceeds 1 MiB. Never calls
 * back when the connection is lost before. The rest of an oversized body is read and
 * dropped, for many clients see no answer while they are still sending.
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

/** Sends after the reply's delay, or never if the connection is gone by then. */
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
  response.statusCode = reply.status ?? 200;
  if (reply.body !== undefined) response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.end(bodyBytes(reply.body));
}

function bodyBytes(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}
