import { type Frame, frameFromBytes, type FrameSplitter } from './frame.js';

const lineFeed = 0x0a;

/**
 * Creates a splitter for lines. Only LF ends a line. A CR before it is white space in JSON.
 *
 * A line longer than `maxLineBytes` is reported once. It is skipped as it arrives, never kept in memory. A byte order
 * mark at the start of a line is dropped. Blank lines are not reported.
 */
export function createLineSplitter(maxLineBytes: number): FrameSplitter {
  const pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let isSkipping = false;

  /** Adds a part of a line. Returns the frame that it completes. */
  function takePart(part: Uint8Array, isEnd: boolean): Frame | undefined {
    if (isSkipping) {
      isSkipping = !isEnd;
      return undefined;
    }
    pendingBytes += part.length;
    if (pendingBytes > maxLineBytes) {
      pending.length = 0;
      pendingBytes = 0;
      isSkipping = !isEnd;
      return { kind: 'tooLong' };
    }
    pending.push(part);
    if (!isEnd) return undefined;
    const line = frameFromBytes(pending);
    pending.length = 0;
    pendingBytes = 0;
    return line.kind !== 'text' || /[^ \t\r]/.test(line.text) ? line : undefined;
  }

  return {
    take(chunk) {
      const frames: Frame[] = [];
      const add = (frame: Frame | undefined): void => {
        if (frame) frames.push(frame);
      };
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        add(takePart(chunk.subarray(start, end), true));
        start = end + 1;
      }
      if (start < chunk.length) add(takePart(chunk.subarray(start), false));
      return frames;
    },
    end() {
      const last = takePart(new Uint8Array(), true);
      return last ? [last] : [];
    },
  };
}

/** Reads the lines of a byte stream, split by `createLineSplitter`. */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Frame, void, undefined> {
  const splitter = createLineSplitter(maxLineBytes);
  for await (const chunk of input) yield* splitter.take(chunk);
  yield* splitter.end();
}
