import type { Frame, Framing } from './frame.js';
import { readHeaderFrames } from './header-reader.js';
import { readLines } from './line-reader.js';

export interface ReadFramesOptions {
  /** A longer message is reported as `tooLong` and skipped as it arrives, never held. */
  readonly maxBytes: number;
  /** Left out, the first bytes tell. */
  readonly framing?: Framing;
  /** Called before the first frame. */
  readonly onFraming: (framing: Framing) => void;
}

const headerStart = 'content-length:';

/** The messages on a byte stream, in either framing. */
export async function* readFrames(
  input: AsyncIterable<Uint8Array>,
  { maxBytes, framing: known, onFraming }: ReadFramesOptions,
): AsyncGenerator<Frame, void, undefined> {
  if (known) {
    yield* known === 'headers' ? readHeaderFrames(input, maxBytes) : readLines(input, maxBytes);
    return;
  }
  const chunks = input[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < headerStart.length && headerStart.startsWith(lowerCase(head))) {
    const next: IteratorResult<Uint8Array, undefined> = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const framing = lowerCase(head).startsWith(headerStart) ? 'headers' : 'lines';
  onFraming(framing);

  const all = prepended(head, chunks);
  yield* framing === 'headers' ? readHeaderFrames(all, maxBytes) : readLines(all, maxBytes);
}

function lowerCase(bytes: Buffer): string {
  return bytes.toString('latin1', 0, headerStart.length).toLowerCase();
}

async function* prepended(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
