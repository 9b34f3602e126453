import { type Frame, frameFromBytes, type FrameSplitter } from './frame.js';

const maxHeaderBytes = 8 * 1024;
const headerEnd = '\r\n\r\n';

/**
 * Cuts a byte stream into messages behind `Content-Length` headers. Other headers are ignored. A stream that ends inside
 * a message gives what there is of it. Behind a header that tells no length nothing can be found any more.
 */
export function createHeaderSplitter(maxBytes: number): FrameSplitter {
  let header = '';
  let body: Uint8Array[] | undefined;
  let isTooLong = false;
  let missing = 0;
  let isLost = false;

  /** Takes of the header from `start` on; returns where the chunk goes on. */
  function takeHeader(chunk: Uint8Array, start: number): number {
    const taken = headerWith(header, chunk, start);
    header = taken.header;
    const isComplete = header.endsWith(headerEnd);
    const length = isComplete ? contentLength(header) : undefined;
    if (length !== undefined) {
      header = '';
      missing = length;
      isTooLong = length > maxBytes;
      body = [];
    } else isLost = isComplete || header.length > maxHeaderBytes;
    return taken.end;
  }

  function takeBody(parts: Uint8Array[], chunk: Uint8Array, start: number): number {
    const part = chunk.subarray(start, start + missing);
    missing -= part.length;
    if (!isTooLong) parts.push(part);
    return start + part.length;
  }

  function completed(): Frame | undefined {
    if (isLost) return { kind: 'badHeader' };
    return body && missing === 0 ? finish(body) : undefined;
  }

  function finish(parts: Uint8Array[]): Frame {
    body = undefined;
    return isTooLong ? { kind: 'tooLong' } : frameFromBytes(parts);
  }

  return {
    take(chunk) {
      const frames: Frame[] = [];
      let at = 0;
      while (at < chunk.length && !isLost) {
        at = body ? takeBody(body, chunk, at) : takeHeader(chunk, at);
        const frame = completed();
        if (frame) frames.push(frame);
      }
      return frames;
    },
    end() {
      if (isLost) return [];
      if (body) return [finish(body)];
      return header.trim() === '' ? [] : [{ kind: 'badHeader' }];
    },
  };
}

/** The header so far with what `chunk` adds to it, and where in `chunk` it stops. */
function headerWith(header: string, chunk: Uint8Array, start: number): { header: string; end: number } {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString(
    'latin1',
    start,
    start + maxHeaderBytes + 1,
  );
  // The end may lie across two chunks.
  const found = (header.slice(-3) + text).indexOf(headerEnd);
  const length = found < 0 ? text.length : found + headerEnd.length - header.slice(-3).length;
  return { header: header + text.slice(0, length), end: start + length };
}

function contentLength(header: string): number | undefined {
  const digits = /^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*$/im.exec(header)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
