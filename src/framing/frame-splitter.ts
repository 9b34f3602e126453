import type { Framing, FrameSplitter } from './frame.js';
import { createHeaderSplitter } from './header-splitter.js';
import { createLineSplitter } from './line-splitter.js';

export interface FrameSplitterOptions {
  /** A longer message is reported as `tooLong`. It is skipped as it arrives, never kept in memory. */
  readonly maxBytes: number;
  /** Called before the first frame. */
  readonly onFraming: (framing: Framing) => void;
}

const headerStart = 'content-length:';

/** Creates a splitter for either framing. */
export function createFrameSplitter({ maxBytes, onFraming }: FrameSplitterOptions): FrameSplitter {
  let splitter: FrameSplitter | undefined;
  let head = Buffer.alloc(0);

  function createSplitter(chosen: Framing): FrameSplitter {
    return chosen === 'headers' ? createHeaderSplitter(maxBytes) : createLineSplitter(maxBytes);
  }

  function chooseFraming(): FrameSplitter {
    const chosen = lowerCase(head).startsWith(headerStart) ? 'headers' : 'lines';
    onFraming(chosen);
    return createSplitter(chosen);
  }

  return {
    take(chunk) {
      if (splitter) return splitter.take(chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < headerStart.length && headerStart.startsWith(lowerCase(head))) return [];
      splitter = chooseFraming();
      return splitter.take(head);
    },
    end() {
      if (splitter) return splitter.end();
      splitter = chooseFraming();
      return [...splitter.take(head), ...splitter.end()];
    },
  };
}

function lowerCase(bytes: Buffer): string {
  return bytes.toString('latin1', 0, headerStart.length).toLowerCase();
}
