import type { ClientState } from '../../handlers/initialize.js';
import type { Notify } from '../../protocol/schema/notifications.js';
import type { Clock } from '../../util/clock.js';
import type { AccountMessageWriter } from './message-writer.js';

/** Creates the function that sends notifications. It sends none before `initialize`, or if the client has opted out. */
export function createNotifier(options: {
  client: ClientState;
  clock: Clock;
  writer: () => AccountMessageWriter;
  /** Returns whether this notification is sent. */
  isAllowed: (method: string, params: object) => boolean;
}): Notify {
  const { client, clock, writer, isAllowed } = options;
  return (method, params) => {
    // First: it also follows logins whose end the client does not want to know.
    if (!isAllowed(method, params)) return;
    if (!client.isInitialized || client.optedOut.has(method)) return;
    void writer().notify(method, params, clock.nowMs());
  };
}
