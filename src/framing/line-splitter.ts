import { type Frame, frameFromBytes, type FrameSplitter } from './frame.js';

const lineFeed = 0x0a;

/**
 * Cuts a byte stream into lines. Only LF ends a line; a CR before it is white space to JSON.
 *
 * A line longer than `maxLineBytes` is reported once and skipped as it arrives, never held. A byte order mark
 * at the start of a line is dropped. Blank lines are not reported.
 */
export function createLineSplitter(maxLineBytes: number): FrameSplitter {
  const pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let skipping = false;

  /** The frame that this part of a line completes. */
  function takePart(part: Uint8Array, isEnd: boolean): Frame | undefined {
    if (skipping) {
      skipping = !isEnd;
      return undefined;
    }
    pendingBytes += part.length;
    if (pendingBytes > maxLineBytes) {
      pending.length = 0;
      pendingBytes = 0;
      skipping = !isEnd;
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
