import type { Readable } from 'node:stream';
import { Emitter, type Message, type MessageReader, type RequestMessage } from './jsonrpc.js';
import type { Frame, Framing } from '../framing/frame.js';
import {
  idTextOf,
  type InvalidMessage,
  type ParsedMessage,
  parseMessage,
} from '../framing/message-parser.js';
import { createFrameSplitter } from '../framing/frame-splitter.js';
import { readFrames } from '../framing/read-frames.js';
import { isMethod, methods } from '../protocol/methods.js';
import type { PendingRequest, PendingRequests } from './pending-requests.js';

export interface MessageReaderOptions {
  readonly input: Readable;
  readonly pending: PendingRequests;
  /** Called before the first message. */
  readonly onFraming: (framing: Framing) => void;
  /** Called with each answer of the client; `result` is undefined where it is an error. */
  readonly onAnswer: (idText: string, result: unknown) => void;
  /** Answers what is no message. Reading goes on when the answer is written. */
  readonly refuse: (message: InvalidMessage) => Promise<void>;
  /** Called once, when the input has ended or broken. */
  readonly onEnd: () => void;
}

/** The params of a request as our reader hands them through vscode-jsonrpc. */
export interface IncomingParams {
  readonly request: PendingRequest;
  /** The params as JSON. */
  readonly paramsText: string | undefined;
}

type Incoming = Extract<ParsedMessage, { kind: 'request' }>;

const maxMessageBytes = 64 * 1024 * 1024;

/**
 * JSON for vscode-jsonrpc, in either framing: only requests reach it, under internal ids. `$/cancelRequest` is
 * carried out here, with headers only; other notifications need nothing done. Answers go to who asked. Reading pauses
 * while the limit of requests is open.
 */
export function createMessageReader(options: MessageReaderOptions): MessageReader {
  const { input, pending, refuse, onEnd } = options;
  let framing: Framing = 'lines';
  const onFraming = (chosen: Framing): void => {
    framing = chosen;
    options.onFraming(chosen);
  };

  /** A promise while the message keeps what comes behind it waiting. */
  function receive(frame: Frame, deliver: (message: Message) => void): Promise<void> | undefined {
    const message = frame.kind === 'text' ? parseMessage(frame.text) : unreadable(frame.kind);
    switch (message.kind) {
      case 'notification':
        take(message);
        return undefined;
      case 'response':
        if (message.idText !== undefined) options.onAnswer(message.idText, message.result);
        return undefined;
      case 'invalid':
        return refuse(message);
      case 'request':
        if (pending.hasRoom()) admit(message, deliver);
        else return pending.whenRoom().then(() => admit(message, deliver));
    }
  }

  function admit({ idText, method, paramsText }: Incoming, deliver: (message: Message) => void): void {
    const bytes = idText.length + (paramsText?.length ?? 0);
    const request = pending.add({ idText, method, bytes });
    const incoming: IncomingParams = { request, paramsText };
    deliver({ jsonrpc: '2.0', id: request.internalId, method, params: incoming } as RequestMessage);
  }

  function take({ method, paramsText }: Extract<ParsedMessage, { kind: 'notification' }>): void {
    if (framing === 'lines' || method !== '$/cancelRequest') return;
    const idText = paramsText && idTextOf(paramsText, 'id');
    if (idText !== undefined) pending.cancel(idText, isCancellable);
  }

  return {
    // Nothing here ends the connection: vscode-jsonrpc drops what is still to be said once its reader closes.
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

/** A read may be given up at any time; what changes something runs to its end, so that its outcome is known. */
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
