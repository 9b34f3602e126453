import { Emitter, type Message, type MessageWriter, type ResponseMessage } from './jsonrpc.js';
import { framed, type Framing } from '../../framing/frame.js';
import { encodeObject } from '../../framing/raw-json.js';
import type { TextWriter } from '../../framing/text-writer.js';
import { passedMembers } from '../pass-on.js';
import type { PendingRequests } from '../requests/pending-requests.js';

export interface MessageWriterOptions {
  readonly output: TextWriter;
  /** Returns the framing that the client chose. Nothing is written before that. */
  readonly framing: () => Framing;
  readonly pending: PendingRequests;
  /** Called when the output is broken. */
  readonly onBroken: () => void;
}

/** A writer of messages in the reference's shape: the client's own id, an error before the id. */
export interface AccountMessageWriter extends MessageWriter {
  /** Answers an invalid message. `idText` is the id as JSON, `null` if none can be read. */
  refuse(error: object, idText: string): Promise<void>;
  /** Sends a request to the client. */
  request(id: number, method: string, params: object): Promise<void>;
  /** Writes a message that is passed on, given the text of its members. */
  pass(members: string): Promise<void>;
  /** Sends a notification. */
  notify(method: string, params: object, emittedAtMs: number): Promise<void>;
}

/** Creates a writer. A request counts as answered once the stream has accepted its response. */
export function createMessageWriter(options: MessageWriterOptions): AccountMessageWriter {
  const { output, framing, pending, onBroken } = options;

  async function write(members: string): Promise<void> {
    try {
      await output.write(framed(members, framing()));
    } catch {
      onBroken();
    }
  }

  return {
    onError: new Emitter<[Error, Message | undefined, number | undefined]>().event,
    onClose: new Emitter<void>().event,
    async write(message) {
      const { id, error, result } = message as ResponseMessage & { id: number };
      const idText = pending.get(id)?.idText ?? 'null';
      pending.settle(id);
      const members = error
        ? errorMembers(error, idText)
        : (passedMembers(result, idText) ?? resultMembers(result as object, idText));
      await write(members);
      pending.remove(id);
    },
    refuse: (error, idText) => write(errorMembers(error, idText)),
    pass: write,
    request: (id, method, params) =>
      write(`"id":${id},"method":"${method}","params":${JSON.stringify(params)}`),
    notify: (method, params, emittedAtMs) =>
      write(`"method":"${method}","params":${JSON.stringify(params)},"emittedAtMs":${emittedAtMs}`),
    end: () => undefined,
    dispose: () => undefined,
  };
}

function resultMembers(result: object, idText: string): string {
  return `"id":${idText},"result":${encodeObject(result)}`;
}

function errorMembers(error: object, idText: string): string {
  return `"error":${JSON.stringify(error)},"id":${idText}`;
}
