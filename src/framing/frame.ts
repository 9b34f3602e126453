import { isUtf8 } from 'node:buffer';
import { textFromUtf8 } from '../util/utf8.js';

/**
 * How messages stand on the stream: one a line, or each behind a `Content-Length` header as language servers have
 * it. The client's first bytes choose.
 */
export type Framing = 'lines' | 'headers';

/** The text of one message, or why there is none. */
export type Frame =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'notUtf8' | 'tooLong' }
  /** A header that tells no length: where the next message starts is unknown, so it is the last frame. */
  | { readonly kind: 'badHeader' };

/** Cuts a stream of bytes into messages, however the stream itself is cut. */
export interface FrameSplitter {
  /** The messages that this chunk completes. */
  take(chunk: Uint8Array): Frame[];
  /** What the stream has left at its end. */
  end(): Frame[];
}

/** The text of a message in UTF-8, without a byte order mark at its start. */
export function frameFromBytes(parts: readonly Uint8Array[]): Frame {
  const bytes = parts.length === 1 && Buffer.isBuffer(parts[0]) ? parts[0] : Buffer.concat(parts);
  if (!isUtf8(bytes)) return { kind: 'notUtf8' };
  return { kind: 'text', text: textFromUtf8(bytes) };
}

/** One message for the output, given the text of its members: `"id":1,"result":{}`. */
export function framed(members: string, framing: Framing): string {
  if (framing === 'lines') return `{${members}}\n`;
  const body = `{"jsonrpc":"2.0",${members}}`;
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
