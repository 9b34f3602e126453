import { type Aborter, type Signal, createAborter } from '../util/abort.js';
import { AppError } from '../util/errors.js';

/** Lets reads go on until the login that they are for is taken away. */
export interface ReadPermission {
  /** @throws AppError `unauthorized` behind `errorPrefix`, once the permission is taken away, and as `work` */
  use<T>(errorPrefix: string, signal: Signal, work: (signal: Signal) => Promise<T>): Promise<T>;
  /** Fails all reads in flight; later ones are free to go. */
  takeAway(): void;
}

const message = 'application network permission was revoked';

export function createReadPermission(): ReadPermission {
  const inFlight = new Set<Aborter>();
  // Not `unauthorized`, which would have the tokens renewed.
  const reason = new AppError('cancelled', message);
  return {
    async use(errorPrefix, signal, work) {
      signal.throwIfAborted();
      const controller = createAborter();
      const abort = (): void => {
        controller.abort(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      inFlight.add(controller);
      try {
        return await work(controller.signal);
      } catch (error) {
        throw error === reason ? new AppError('unauthorized', `${errorPrefix}: ${message}`) : error;
      } finally {
        signal.removeEventListener('abort', abort);
        inFlight.delete(controller);
      }
    },
    takeAway() {
      for (const controller of inFlight) controller.abort(reason);
    },
  };
}
