import { type Frame, frameFromBytes } from './frame.js';

const maxHeaderBytes = 8 * 1024;
const headerEnd = '\r\n\r\n';

/**
 * Reads messages behind `Content-Length` headers. Other headers are ignored. An input that ends inside a message
 * gives what there is of it.
 */
export async function* readHeaderFrames(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Frame, void, undefined> {
  let header = '';
  let body: Uint8Array[] | undefined;
  let isTooLong = false;
  let missing = 0;

  for await (const chunk of input) {
    let at = 0;
    while (at < chunk.length) {
      if (!body) {
        const taken = takeHeader(header, chunk, at);
        header = taken.header;
        at = taken.end;
        const isComplete = header.endsWith(headerEnd);
        const length = isComplete ? contentLength(header) : undefined;
        if (length === undefined) {
          if (!isComplete && header.length <= maxHeaderBytes) continue;
          yield { kind: 'badHeader' };
          return;
        }
        header = '';
        missing = length;
        isTooLong = length > maxBytes;
        body = [];
      }
      const part = chunk.subarray(at, at + missing);
      at += part.length;
      missing -= part.length;
      if (!isTooLong) body.push(part);
      if (missing > 0) continue;
      yield isTooLong ? { kind: 'tooLong' } : frameFromBytes(body);
      body = undefined;
    }
  }
  if (body) yield isTooLong ? { kind: 'tooLong' } : frameFromBytes(body);
  else if (header.trim() !== '') yield { kind: 'badHeader' };
}

/** The header so far with what `chunk` adds to it, and where in `chunk` it stops. */
function takeHeader(header: string, chunk: Uint8Array, start: number): { header: string; end: number } {
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
