/** Runs work one piece at a time, in the order of the calls. */
export type Queue = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/**
 * A first-in-first-out queue. Work whose signal is aborted while it waits is refused at once with the signal's
 * reason and never started; once started, it takes care of the signal itself.
 */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (signal, work) =>
    new Promise((resolve, reject) => {
      const refuse = (): void => {
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', refuse, { once: true });
      last = last.then(async () => {
        signal.removeEventListener('abort', refuse);
        if (signal.aborted) {
          refuse();
          return;
        }
        await work().then(resolve, reject);
      });
    });
}
