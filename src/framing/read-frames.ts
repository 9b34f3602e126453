import type { Readable } from 'node:stream';
import type { Frame, FrameSplitter } from './frame.js';

/**
 * Hands over the messages of a stream one after the other, until it has ended, is broken or destroyed, or nothing more
 * can be found in it. While `receive` is busy with one, nothing is read.
 *
 * By events, not `for await`: with the iterator of node's streams a message takes twice as long to arrive.
 *
 * @param receive returns a promise only where what comes next has to wait for it
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
    // What is broken closes.
    input
      .on('data', take)
      .on('end', end)
      .on('close', close)
      .on('error', () => undefined);
    if (input.destroyed || input.readableEnded) close();
    else input.resume();
  });
}
