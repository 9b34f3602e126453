import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import {
  createMessageConnection,
  Emitter,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { readLines } from '../framing/line-reader.js';
import { createTextWriter, type TextWriter } from '../framing/text-writer.js';
import type { Method, ParamsOf, ResultOf } from '../protocol/methods.js';
import type { NotificationMethod, NotificationParams } from '../protocol/notifications.js';

export interface ConnectionOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the server is out of reach of the terminal's signals; false unless given. It ends with its input in any case. */
  readonly isDetached?: boolean;
  /** Sees every line that goes to the server or comes from it. */
  readonly onLine?: (direction: 'sent' | 'received', line: string) => void;
}

export interface Connection {
  /** @throws ResponseError of vscode-jsonrpc when the server answers with an error */
  request<M extends Method>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>>;
  notify(method: string): Promise<void>;
  /** Sees every such notification from now on; the last one who asks for a method gets them. */
  onNotification<M extends NotificationMethod>(
    method: M,
    handle: (params: NotificationParams<M>) => void,
  ): void;
  /** Resolves with the exit code of the server; null where a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends the server's input and resolves with its exit code; null where a signal ended it. */
  close(): Promise<number | null>;
}

/** Starts a server as a child process and speaks JSON lines with it. Its stderr goes to ours. */
export function connectToServer(options: ConnectionOptions): Connection {
  const { command, args, environment, isDetached = false, onLine = () => undefined } = options;
  const child = spawn(command, args, {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: isDetached,
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A server that cannot be started, or that is gone, shows in the answers that never come.
  child.stdin.on('error', () => undefined);
  const output = createTextWriter(child.stdin);
  const connection = createMessageConnection(
    createReader(child.stdout, onLine),
    createWriter(output, onLine),
  );
  connection.listen();
  const dispose = (): void => {
    connection.dispose();
  };
  exited.then(dispose, dispose);

  return {
    request: (method, params) => connection.sendRequest(method, params),
    notify: (method) => connection.sendNotification(method),
    onNotification(method, handle) {
      connection.onNotification(method, handle);
    },
    exited,
    close() {
      child.stdin.end();
      return exited;
    },
  };
}

type OnLine = NonNullable<ConnectionOptions['onLine']>;

const maxLineBytes = 64 * 1024 * 1024;

function createReader(input: Readable, onLine: OnLine): MessageReader {
  const errors = new Emitter<Error>();
  const closed = new Emitter<void>();
  return {
    onError: errors.event,
    onClose: closed.event,
    onPartialMessage: new Emitter<{ messageToken: number; waitingTime: number }>().event,
    listen(deliver) {
      const pump = async (): Promise<void> => {
        for await (const line of readLines(input, maxLineBytes)) {
          if (line.kind !== 'text') throw new Error(`the server sent a line that is ${line.kind}`);
          onLine('received', line.text);
          deliver(JSON.parse(line.text) as Message);
        }
      };
      pump()
        .catch((error: unknown) => {
          errors.fire(error as Error);
        })
        .finally(() => {
          closed.fire();
        });
      return { dispose: () => undefined };
    },
    dispose: () => undefined,
  };
}

function createWriter(output: TextWriter, onLine: OnLine): MessageWriter {
  return {
    onError: new Emitter<[Error, Message | undefined, number | undefined]>().event,
    onClose: new Emitter<void>().event,
    async write(message) {
      const line = JSON.stringify({ ...message, jsonrpc: undefined });
      onLine('sent', line);
      await output.write(`${line}\n`);
    },
    end: () => undefined,
    dispose: () => undefined,
  };
}
