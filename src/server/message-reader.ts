import type { Readable } from 'node:stream';
import { Emitter, type Message, type MessageReader, type RequestMessage } from 'vscode-jsonrpc/node';
import type { InvalidMessage, ParsedJson } from '../framing/message-parser.js';
import { parseMessage } from '../framing/message-parser.js';
import { type Line, readLines } from '../framing/line-reader.js';
import type { PendingRequests } from './pending-requests.js';

export interface MessageReaderOptions {
  readonly input: Readable;
  readonly pending: PendingRequests;
  /** Answers a line that is no message. Reading goes on when the answer is written. */
  readonly refuse: (message: InvalidMessage) => Promise<void>;
  /** Called once, when the input has ended or broken. */
  readonly onEnd: () => void;
}

/** The params of a request as our reader hands them through vscode-jsonrpc. */
export interface IncomingParams {
  readonly internalId: number;
  readonly params: ParsedJson | undefined;
}

const maxLineBytes = 64 * 1024 * 1024;

/**
 * Newline-delimited JSON for vscode-jsonrpc: only requests reach it, under internal ids. Notifications and answers
 * need nothing done. Reading pauses while the limit of requests is open.
 */
export function createMessageReader(options: MessageReaderOptions): MessageReader {
  const { input, pending, refuse, onEnd } = options;

  async function pump(deliver: (message: Message) => void): Promise<void> {
    for await (const line of readLines(input, maxLineBytes)) {
      await pending.whenRoom();
      const message = line.kind === 'text' ? parseMessage(line.text) : unreadable(line.kind);
      if (message.kind === 'invalid') await refuse(message);
      if (message.kind === 'request')
        deliver(incomingRequest(message.method, message.params, message.idText));
    }
  }

  function incomingRequest(method: string, params: ParsedJson | undefined, idText: string): Message {
    const internalId = pending.add(idText);
    const incoming: IncomingParams = { internalId, params };
    return { jsonrpc: '2.0', id: internalId, method, params: incoming } as RequestMessage;
  }

  return {
    // Nothing here ends the connection: vscode-jsonrpc drops what is still to be said once its reader closes.
    onError: new Emitter<Error>().event,
    onClose: new Emitter<void>().event,
    onPartialMessage: new Emitter<{ messageToken: number; waitingTime: number }>().event,
    listen(callback) {
      // A broken or destroyed input has ended like any other.
      void pump(callback)
        .catch(() => undefined)
        .then(onEnd);
      return { dispose: () => undefined };
    },
    dispose: () => undefined,
  };
}

function unreadable(kind: Exclude<Line['kind'], 'text'>): InvalidMessage {
  return kind === 'tooLong'
    ? {
        kind: 'invalid',
        reason: 'invalidRequest',
        idText: 'null',
        message: 'Invalid request: line above 64 MiB',
      }
    : { kind: 'invalid', reason: 'parseError', idText: 'null', message: 'Parse error: not UTF-8' };
}
