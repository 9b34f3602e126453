import type { Readable, Writable } from 'node:stream';
import type { Framing } from '../framing/frame.js';
import { createTextWriter } from '../framing/text-writer.js';
import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { withinMs } from '../util/waiting.js';
import { errorResponse } from './messages/error-response.js';
import { createMessageConnection } from './messages/jsonrpc.js';
import { createMessageReader, type IncomingParams } from './messages/message-reader.js';
import { createMessageWriter } from './messages/message-writer.js';
import { createPendingRequests } from './requests/pending-requests.js';

/** A client that sends nothing for so long waits for something else. */
const firstRequestMs = 2_000;

const openLimit = { count: 512, bytes: 64 * 1024 * 1024 };

/**
 * Answers the first request with an error, for a server that cannot start: many clients show no stderr. Resolves when
 * that is written, when the input has ended or cannot be used, or after 2 s without a request.
 */
export async function refuseClient(
  error: AppError,
  streams: { input: Readable; output: Writable },
  { clock, log }: { clock: Clock; log: Log },
): Promise<void> {
  const { input, output } = streams;
  const finished = createDeferred();
  const pending = createPendingRequests({ usual: openLimit, duringClientRequest: openLimit });
  let framing: Framing = 'lines';
  const writer = createMessageWriter({
    output: createTextWriter(output),
    framing: () => framing,
    pending,
    onBroken: finished.resolve,
  });
  output.on('error', finished.resolve);
  const reader = createMessageReader({
    input,
    pending,
    onFraming: (chosen) => {
      framing = chosen;
    },
    onResponse: () => false,
    onEnd: () => void pending.whenEmpty().then(finished.resolve),
    refuse({ reason, message, idText }) {
      return writer.refuse(errorResponse(new AppError(reason, message), '', log).toJson(), idText);
    },
  });
  const connection = createMessageConnection(reader, writer);
  connection.onRequest((method, incoming) => {
    void (incoming as unknown as IncomingParams).request.answered.then(finished.resolve);
    return errorResponse(error, method, log);
  });
  connection.listen();
  await withinMs(clock, firstRequestMs, finished.promise);
  input.destroy();
}
