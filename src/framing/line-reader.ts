import type { Frame } from './frame.js';
import { createLineSplitter } from './line-splitter.js';

/** Reads the lines of a byte stream, split by `createLineSplitter`. */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Frame, void, undefined> {
  const splitter = createLineSplitter(maxLineBytes);
  for await (const chunk of input) yield* splitter.take(chunk);
  yield* splitter.end();
}
