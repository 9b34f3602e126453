import { Emitter, type Message, type MessageWriter, type ResponseMessage } from 'vscode-jsonrpc/node';
import type { LineWriter } from '../framing/line-writer.js';
import { encodeObject } from '../framing/raw-json.js';
import type { Clock } from '../util/clock.js';
import type { PendingRequests } from './pending-requests.js';

export interface MessageWriterOptions {
  readonly lines: LineWriter;
  readonly pending: PendingRequests;
  readonly clock: Clock;
  /** Called when the output is broken. */
  readonly onBroken: () => void;
}

/**
 * Answers and notifications in the reference's shape: no `jsonrpc`, the error before the id, the client's own id.
 * A request counts as answered once the output has taken its line.
 */
export function createMessageWriter({
  lines,
  pending,
  clock,
  onBroken,
}: MessageWriterOptions): MessageWriter {
  async function writeLine(line: string): Promise<void> {
    try {
      await lines.write(line);
    } catch {
      onBroken();
    }
  }

  return {
    onError: new Emitter<[Error, Message | undefined, number | undefined]>().event,
    onClose: new Emitter<void>().event,
    async write(message) {
      if (!('id' in message)) {
        const { method, params } = message as unknown as { method: string; params: unknown };
        await writeLine(JSON.stringify({ method, params, emittedAtMs: clock.nowMs() }));
        return;
      }
      const response = message as ResponseMessage;
      const id = response.id as number;
      await writeLine(responseLine(response, pending.get(id)?.idText ?? 'null'));
      pending.remove(id);
    },
    end: () => undefined,
    dispose: () => undefined,
  };
}

/** One answer; `idText` is the id as JSON. */
export function responseLine(
  { error, result }: Pick<ResponseMessage, 'error' | 'result'>,
  idText: string,
): string {
  return error
    ? `{"error":${JSON.stringify(error)},"id":${idText}}`
    : `{"id":${idText},"result":${encodeObject(result as object)}}`;
}
