import { type Frame, frameFromBytes, type FrameSplitter } from './frame.js';

const maxHeaderBytes = 8 * 1024;
const headerEnd = '\r\n\r\n';

/**
 * Creates a splitter for messages after `Content-Length` headers. Other headers are ignored. If the stream ends inside
 * a message, the received part is a frame. After a header without a length, the rest of the stream is ignored.
 */
export function createHeaderSplitter(maxBytes: number): FrameSplitter {
  let header = '';
  let body: Uint8Array[] | undefined;
  let isTooLong = false;
  let missingBytes = 0;
  let isBroken = false;

  /** Reads the header from `start` on. Returns the position after the part that belongs to it. */
  function takeHeader(chunk: Uint8Array, start: number): number {
    const taken = headerWith(header, chunk, start);
    header = taken.header;
    const isComplete = header.endsWith(headerEnd);
    const length = isComplete ? contentLength(header) : undefined;
    if (length !== undefined) {
      header = '';
      missingBytes = length;
      isTooLong = length > maxBytes;
      body = [];
    } else isBroken = isComplete || header.length > maxHeaderBytes;
    return taken.end;
  }

  function takeBody(parts: Uint8Array[], chunk: Uint8Array, start: number): number {
    const part = chunk.subarray(start, start + missingBytes);
    missingBytes -= part.length;
    if (!isTooLong) parts.push(part);
    return start + part.length;
  }

  function completed(): Frame | undefined {
    if (isBroken) return { kind: 'badHeader' };
    return body && missingBytes === 0 ? finish(body) : undefined;
  }

  function finish(parts: Uint8Array[]): Frame {
    body = undefined;
    return isTooLong ? { kind: 'tooLong' } : frameFromBytes(parts);
  }

  return {
    take(chunk) {
      const frames: Frame[] = [];
      let at = 0;
      while (at < chunk.length && !isBroken) {
        at = body ? takeBody(body, chunk, at) : takeHeader(chunk, at);
        const frame = completed();
        if (frame) frames.push(frame);
      }
      return frames;
    },
    end() {
      if (isBroken) return [];
      if (body) return [finish(body)];
      return header.trim() === '' ? [] : [{ kind: 'badHeader' }];
    },
  };
}

/** Appends the header's part of `chunk` to the header so far. `end` is its end in `chunk`. */
function headerWith(header: string, chunk: Uint8Array, start: number): { header: string; end: number } {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString(
    'latin1',
    start,
    start + maxHeaderBytes + 1,
  );
  // The end of the header can be split over two chunks.
  const found = (header.slice(-3) + text).indexOf(headerEnd);
  const length = found < 0 ? text.length : found + headerEnd.length - header.slice(-3).length;
  return { header: header + text.slice(0, length), end: start + length };
}

function contentLength(header: string): number | undefined {
  const digits = /^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*$/im.exec(header)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
