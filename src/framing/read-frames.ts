import type { Readable } from 'node:stream';
import type { Frame, Framing, FrameSplitter } from './frame.js';
import { createHeaderSplitter } from './header-splitter.js';
import { createLineSplitter } from './line-splitter.js';

/**
 * Passes the messages of a stream to `receive`, one after the other. Resolves when the stream has ended, failed or been
 * destroyed, or after a bad header. Reads nothing while a promise of `receive` is pending.
 *
 * It uses events instead of `for await`: with the async iterator of node's streams, a message takes twice as long.
 *
 * @param receive returns a promise only if the next message must wait for it
 */
export function readFrames(
  input: Readable,
  splitter: FrameSplitter,
  receive: (frame: Frame) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    let isBusy = false;
    let received = Promise.resolve();

    async function receiveAll(frames: readonly Frame[]): Promise<void> {
      isBusy = true;
      for (const frame of frames) {
        const wait = receive(frame);
        if (wait) await wait;
        if (frame.kind === 'badHeader') input.destroy();
      }
      isBusy = false;
    }

    const take = (chunk: Uint8Array): void => {
      received = receiveAll(splitter.take(chunk)).catch(() => void input.destroy());
      if (!isBusy) return;
      input.pause();
      void received.then(() => input.resume());
    };
    const end = (): void => {
      received = receiveAll(splitter.end()).catch(() => undefined);
      close();
    };
    const close = (): void => {
      void received.then(resolve);
    };
    // An error needs no handling: `close` follows it.
    input
      .on('data', take)
      .on('end', end)
      .on('close', close)
      .on('error', () => undefined);
    if (input.destroyed || input.readableEnded) close();
    else input.resume();
  });
}

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
