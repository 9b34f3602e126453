import { type Frame, frameFromBytes } from './frame.js';

const lineFeed = 0x0a;

/**
 * Cuts a byte stream into lines. Only LF ends a line; a CR before it is white space to JSON.
 *
 * A line longer than `maxLineBytes` is reported once and skipped as it arrives, never held. A byte order mark
 * at the start of a line is dropped. Blank lines are not reported.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Frame, void, undefined> {
  const pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let skipping = false;

  function* take(part: Uint8Array, isEnd: boolean): Generator<Frame> {
    if (skipping) {
      skipping = !isEnd;
      return;
    }
    pendingBytes += part.length;
    if (pendingBytes > maxLineBytes) {
      pending.length = 0;
      pendingBytes = 0;
      skipping = !isEnd;
      yield { kind: 'tooLong' };
      return;
    }
    pending.push(part);
    if (!isEnd) return;
    const line = frameFromBytes(pending);
    pending.length = 0;
    pendingBytes = 0;
    if (line.kind !== 'text' || /[^ \t\r]/.test(line.text)) yield line;
  }

  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      yield* take(chunk.subarray(start, end), true);
      start = end + 1;
    }
    if (start < chunk.length) yield* take(chunk.subarray(start), false);
  }
  yield* take(new Uint8Array(), true);
}
