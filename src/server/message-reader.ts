import type { Readable } from 'node:stream';
import { Emitter, type Message, type MessageReader, type RequestMessage } from './jsonrpc.js';
import type { Frame, Framing } from '../framing/frame.js';
import {
  idTextOf,
  type InvalidMessage,
  type ParsedMessage,
  parseMessage,
} from '../framing/message-parser.js';
import { createFrameSplitter, readFrames } from '../framing/read-frames.js';
import { isMethod, methods } from '../protocol/methods.js';
import type { PendingRequest, PendingRequests } from './pending-requests.js';

export interface MessageReaderOptions {
  readonly input: Readable;
  readonly pending: PendingRequests;
  /** Called before the first message. */
  readonly onFraming: (framing: Framing) => void;
  /** Called with each response of the client. `result` is undefined if it is an error. */
  readonly onResponse: (idText: string, result: unknown) => void;
  /** Answers an invalid message. The next message is read after the promise has resolved. */
  readonly refuse: (message: InvalidMessage) => Promise<void>;
  /** Called once, when the input has ended or failed. */
  readonly onEnd: () => void;
}

/** The params of a request, as the reader passes them through vscode-jsonrpc to the request handler. */
export interface IncomingParams {
  readonly request: PendingRequest;
  /** The params as JSON. */
  readonly paramsText: string | undefined;
}

type Incoming = Extract<ParsedMessage, { kind: 'request' }>;

const maxMessageBytes = 64 * 1024 * 1024;

/**
 * Creates a reader for vscode-jsonrpc, in either framing. It delivers only requests, under internal ids.
 *
 * `$/cancelRequest` is handled here, and only with `Content-Length` framing. Other notifications are ignored. Responses
 * go to `onResponse`. Reading pauses while the limit of pending requests is reached.
 */
export function createMessageReader(options: MessageReaderOptions): MessageReader {
  const { input, pending, refuse, onEnd } = options;
  let framing: Framing = 'lines';
  const onFraming = (chosen: Framing): void => {
    framing = chosen;
    options.onFraming(chosen);
  };

  /** Handles a message. Returns a promise only if the next message must wait for it. */
  function receive(frame: Frame, deliver: (message: Message) => void): Promise<void> | undefined {
    const message = frame.kind === 'text' ? parseMessage(frame.text) : unreadable(frame.kind);
    switch (message.kind) {
      case 'notification':
        cancelRequest(message);
        return undefined;
      case 'response':
        if (message.idText !== undefined) options.onResponse(message.idText, message.result);
        return undefined;
      case 'invalid':
        return refuse(message);
      case 'request':
        if (pending.hasRoom()) deliverRequest(message, deliver);
        else return pending.whenRoom().then(() => deliverRequest(message, deliver));
    }
  }

  function deliverRequest(
    { idText, method, paramsText }: Incoming,
    deliver: (message: Message) => void,
  ): void {
    const bytes = idText.length + (paramsText?.length ?? 0);
    const request = pending.add({ idText, method, bytes });
    const incoming: IncomingParams = { request, paramsText };
    deliver({ jsonrpc: '2.0', id: request.internalId, method, params: incoming } as RequestMessage);
  }

  function cancelRequest({ method, paramsText }: Extract<ParsedMessage, { kind: 'notification' }>): void {
    if (framing === 'lines' || method !== '$/cancelRequest') return;
    const idText = paramsText && idTextOf(paramsText, 'id');
    if (idText !== undefined) pending.cancel(idText, isCancellable);
  }

  return {
    // These events never fire: vscode-jsonrpc drops the responses that are left once its reader closes.
    onError: new Emitter<Error>().event,
    onClose: new Emitter<void>().event,
    onPartialMessage: new Emitter<{ messageToken: number; waitingTime: number }>().event,
    listen(callback) {
      const splitter = createFrameSplitter({ ...options, maxBytes: maxMessageBytes, onFraming });
      void readFrames(input, splitter, (frame) => receive(frame, callback)).then(onEnd);
      return { dispose: () => undefined };
    },
    dispose: () => undefined,
  };
}

/** Reports whether the method is a read. A change is not cancelled, so that its outcome is known. */
function isCancellable(method: string): boolean {
  return !isMethod(method) || methods[method].effect !== 'change';
}

const unreadableMessages = {
  tooLong: ['invalidRequest', 'Invalid request: message above 64 MiB'],
  notUtf8: ['parseError', 'Parse error: not UTF-8'],
  badHeader: ['parseError', 'Parse error: no Content-Length header'],
} as const;

function unreadable(kind: Exclude<Frame['kind'], 'text'>): InvalidMessage {
  const [reason, message] = unreadableMessages[kind];
  return { kind: 'invalid', reason, idText: 'null', message };
}
