import type { Readable } from 'node:stream';
import type { Frame, FrameSplitter } from './frame.js';

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
