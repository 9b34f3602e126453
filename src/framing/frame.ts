import { isUtf8 } from 'node:buffer';
import { textFromUtf8 } from '../util/text/utf8.js';

/**
 * How messages are separated on the stream: one per line, or each after a `Content-Length` header, as in the Language
 * Server Protocol. The client's first bytes decide.
 */
export type Framing = 'lines' | 'headers';

/** The text of one message, or the reason why it cannot be read. */
export type Frame =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'notUtf8' | 'tooLong' }
  /** A header without a length. The start of the next message is unknown, so this is the last frame. */
  | { readonly kind: 'badHeader' };

/** A splitter of a byte stream into messages. Chunks can start and end anywhere. */
export interface FrameSplitter {
  /** Returns the messages that this chunk completes. */
  take(chunk: Uint8Array): Frame[];
  /** Returns what is left at the end of the stream. */
  end(): Frame[];
}

/** Decodes a message. Drops a byte order mark at its start. */
export function frameFromBytes(parts: readonly Uint8Array[]): Frame {
  const bytes = parts.length === 1 && Buffer.isBuffer(parts[0]) ? parts[0] : Buffer.concat(parts);
  if (!isUtf8(bytes)) return { kind: 'notUtf8' };
  return { kind: 'text', text: textFromUtf8(bytes) };
}

/** Frames a message for the output, given the text of its members: `"id":1,"result":{}`. */
export function framed(members: string, framing: Framing): string {
  if (framing === 'lines') return `{${members}}\n`;
  const body = `{"jsonrpc":"2.0",${members}}`;
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
