import type { Clock } from '../../util/clock.js';
import { isWithoutNetwork } from './connection-failure.js';
import { type HttpResponse, type Receiver, receiveResponse } from './receive-response.js';
import type { Send } from './routes.js';
import type { Dispatcher } from './undici.js';

/** How long the other end of a kept connection may be silent. */
const maxSilenceMs = 1_000;

/** Sends a request once, and receives its response. @throws as `Receiver.response` */
export function sendOnce(
  send: Send,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { handler, response } = receiveResponse(signal);
  send(options, handler);
  return response;
}

/**
 * Sends a read, and receives its response.
 *
 * The other end of a kept connection may be gone without a word: the computer slept, the network changed, or a router
 * on the way forgot the connection. So if the response does not begin within a second, the read is sent a second time,
 * on a new connection. The response that begins first counts, and the other request is aborted. As the backend may
 * only be slow, the first request goes on until then, and there is no third.
 *
 * @throws as `Receiver.response`
 */
export async function sendRead(
  send: Send,
  options: Dispatcher.DispatchOptions,
  { signal, clock, findNew }: { signal: AbortSignal; clock: Clock; findNew: () => Send | Promise<Send> },
): Promise<HttpResponse> {
  const first = receiveResponse(signal);
  const isOnNewConnection = send(options, first.handler);
  if (isOnNewConnection || !(await isSilent(first, clock))) return first.response;
  const winner = await firstToBegin(first, async () => {
    const sendAgain = await findNew();
    signal.throwIfAborted();
    const second = receiveResponse(signal);
    sendAgain(options, second.handler);
    return second;
  });
  return winner.response;
}

/**
 * Returns the one whose response begins first, and cancels the other; the first if none begins. Without a network the first
 * ends, too: no response can come on the kept connection.
 */
async function firstToBegin(first: Receiver, startSecond: () => Promise<Receiver>): Promise<Receiver> {
  try {
    const second = await startSecond();
    second.begun.catch((error: unknown) => {
      if (isWithoutNetwork(error)) first.cancel(error as Error);
    });
    const winner = await Promise.any([first, second].map((one) => one.begun.then(() => one)));
    const other = winner === first ? second : first;
    other.cancel(new Error('the read was answered on another connection'));
    return winner;
  } catch {
    return first;
  }
}

/** Resolves with whether the response has not begun in time; false if the request has failed. */
function isSilent({ begun, isStarted }: Receiver, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    let cancelTimer = (): void => undefined;
    let isOver = false;
    // undici sends the request in an immediate of its own. If it has not, the request waits for a connection that is
    // in use, so the other end is there.
    setImmediate(() => {
      if (!isOver && isStarted()) cancelTimer = clock.after(maxSilenceMs, () => resolve(true));
    });
    const end = (): void => {
      isOver = true;
      cancelTimer();
      resolve(false);
    };
    begun.then(end, end);
  });
}
