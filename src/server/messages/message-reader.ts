import type { Readable } from 'node:stream';
import { Emitter, type Message, type MessageReader, type RequestMessage } from './jsonrpc.js';
import type { Frame, Framing } from '../../framing/frame.js';
import {
  idTextOf,
  type InvalidMessage,
  type ParsedMessage,
  parseMessage,
} from '../../framing/message-parser.js';
import { createFrameSplitter, readFrames } from '../../framing/read-frames.js';
import { isMethod, methods } from '../../protocol/methods.js';
import type { PassOn } from '../pass-on.js';
import { createDeliverPassed } from './passed-messages.js';
import type { PendingRequest, PendingRequests } from '../requests/pending-requests.js';

export interface MessageReaderOptions {
  readonly input: Readable;
  readonly pending: PendingRequests;
  /** Called before the first message. */
  readonly onFraming: (framing: Framing) => void;
  /**
   * Called with each response of the client. `result` is undefined if it is an error. Returns whether one of our requests
   * waited for it.
   */
  readonly onResponse: (idText: string, result: unknown) => boolean;
  /** Gets the notifications, and the responses to requests that are not ours. */
  readonly passOn?: Pick<PassOn, 'whenWritable'> | undefined;
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
  /** The whole message. */
  readonly text: string;
}

type Incoming = Extract<ParsedMessage, { kind: 'request' }>;
type Deliver = (message: Message) => void;

const maxMessageBytes = 64 * 1024 * 1024;

/**
 * Creates a reader for vscode-jsonrpc, in either framing. It delivers requests under internal ids, and messages
 * that are passed on.
 *
 * `$/cancelRequest` is handled here, and only with `Content-Length` framing. Other notifications are ignored
 * unless they are passed on. Responses go to `onResponse`. Reading pauses while the limit of pending requests is reached.
 */
export function createMessageReader(options: MessageReaderOptions): MessageReader {
  const { input, pending, refuse, onEnd } = options;
  const deliverPassed = createDeliverPassed(options.passOn);
  let framing: Framing = 'lines';
  const onFraming = (chosen: Framing): void => {
    framing = chosen;
    options.onFraming(chosen);
  };

  /** Handles a message. Returns a promise only if the next message must wait for it. */
  function receive(frame: Frame, deliver: Deliver): Promise<void> | undefined {
    const message = frame.kind === 'text' ? parseMessage(frame.text) : unreadable(frame.kind);
    switch (message.kind) {
      case 'notification':
        cancelRequest(message);
        return deliverPassed({ method: message.method, text: textOf(frame) }, deliver);
      case 'response': {
        const { idText, result } = message;
        if (idText === undefined || options.onResponse(idText, result)) return undefined;
        return deliverPassed({ idText, text: textOf(frame) }, deliver);
      }
      case 'invalid':
        return refuse(message);
      case 'request':
        if (pending.hasRoom()) deliverRequest(frame, message, deliver);
        else return pending.whenRoom().then(() => deliverRequest(frame, message, deliver));
    }
  }

  function deliverRequest(frame: Frame, { idText, method, paramsText }: Incoming, deliver: Deliver): void {
    const bytes = idText.length + (paramsText?.length ?? 0);
    const request = pending.add({ idText, method, bytes });
    const incoming: IncomingParams = { request, paramsText, text: textOf(frame) };
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

/** Reports whether the method is a read of ours. A change is not cancelled, so that its outcome is known. */
function isCancellable(method: string): boolean {
  return isMethod(method) && methods[method].effect !== 'change';
}

function textOf(frame: Frame): string {
  return frame.kind === 'text' ? frame.text : '';
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
