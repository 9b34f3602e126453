import { createDeferred, type Deferred } from '../../util/deferred.js';
import type { Message } from './jsonrpc.js';
import type { PassOn } from '../pass-on.js';

/** The internal method under which messages that are passed on come out of vscode-jsonrpc, behind those before them. */
export const passedOn = 'passedOn';

/** The params of such a message. */
export interface PassedParams {
  readonly message: Parameters<PassOn['receive']>[0];
  /** Call when it has been passed on. */
  readonly onPassed: () => void;
}

/** Delivers messages that are passed on. Returns a promise if the next message must wait. */
export type DeliverPassed = (
  message: PassedParams['message'],
  deliver: (message: Message) => void,
) => Promise<void> | undefined;

/** The size of the messages that may wait in vscode-jsonrpc, in characters. */
const maxQueued = 256 * 1024;

/** Creates the function that delivers passed messages. If nothing passes them on, it drops them. */
export function createDeliverPassed(passOn: Pick<PassOn, 'whenWritable'> | undefined): DeliverPassed {
  if (!passOn) return () => undefined;
  let queued = 0;
  let passed: Deferred<void> | undefined;

  async function untilWritable(queue: Promise<void>): Promise<void> {
    await queue;
    await passOn?.whenWritable();
  }

  return (message, deliver) => {
    const { length } = message.text;
    queued += length;
    const onPassed = (): void => {
      queued -= length;
      if (queued > 0) return;
      passed?.resolve();
      passed = undefined;
    };
    const params: PassedParams = { message, onPassed };
    deliver({ jsonrpc: '2.0', method: passedOn, params } as Message);
    if (queued <= maxQueued) return passOn.whenWritable();
    passed ??= createDeferred();
    return untilWritable(passed.promise);
  };
}
