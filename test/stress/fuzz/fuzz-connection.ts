import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { startDevBackend } from '../../../src/dev-backend/server.js';
import { beginFamily } from '../../../src/dev-backend/issuer/token-ledger.js';
import type { Framing } from '../../../src/framing/frame.js';
import { startWatchedServer, type WatchedServer } from '../watched-server.js';
import { createAnswerTally } from './answer-tally.js';
import { expectedAnswer } from './expected-answer.js';

/** One server, and the answers that it owes. */
export interface FuzzConnection {
  readonly server: WatchedServer;
  readonly answers: () => number;
  /**
   * Sends the messages in chunks of this many bytes and waits for their answers.
   * @throws Error that names the first violation
   */
  exchange(messages: readonly Buffer[], pieceBytes: number): Promise<void>;
  /** Ends the input. @throws Error if the server does not exit with 0, or sends another answer */
  end(): Promise<void>;
}

/** `silenceMs` is the longest pause of the server while it owes an answer. */
export async function withFuzzConnection<T>(
  { framing, silenceMs }: { framing: Framing; silenceMs: number },
  act: (connection: FuzzConnection) => Promise<T>,
): Promise<T> {
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const tally = createAnswerTally(framing, silenceMs);
  const server = startWatchedServer(
    { CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) },
    tally.receive,
  );
  const authPath = join(home.path, 'auth.json');
  const login = JSON.parse(readFileSync(authPath, 'utf8')) as { tokens: object };

  /** Stores the login again as another program would, because earlier messages may have signed out or in with a key. */
  function signInAgain(): void {
    const tokens = beginFamily(backend.tokens, { accessTokenMs: 1e9, refreshTokenMs: Infinity }, Date.now());
    writeFileSync(`${authPath}.new`, JSON.stringify({ ...login, tokens: { ...login.tokens, ...tokens } }));
    renameSync(`${authPath}.new`, authPath);
    backend.requests.length = 0;
  }

  async function exchange(messages: readonly Buffer[], pieceBytes: number): Promise<void> {
    signInAgain();
    for (const message of [...messages, fence]) {
      const idText = expectedAnswer(message, framing);
      if (idText !== undefined) tally.owe(idText);
    }
    const bytes = Buffer.concat([...messages, fence].map((message) => framedBytes(message, framing)));
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await server.write(bytes.subarray(at, at + pieceBytes));
    }
    await Promise.race([tally.settled(), hasEnded()]);
  }

  const hasEnded = async (): Promise<never> => {
    throw new Error(`the server has ended: ${await server.exited}: ${server.log.slice(-3).join('; ')}`);
  };

  try {
    // The first bytes select the framing.
    await exchange([], Infinity);
    return await act({
      server,
      exchange,
      answers: tally.answers,
      async end() {
        server.child.stdin.end();
        const exit = await server.exited;
        if (exit !== '0')
          throw new Error(`the server ended with ${exit}: ${server.log.slice(-3).join('; ')}`);
        await tally.settled();
      },
    });
  } finally {
    server.child.kill('SIGKILL');
    await server.exited;
    await backend.close();
    home.remove();
  }
}

const fence = Buffer.from('{"id":"fence","method":"fence"}');

function framedBytes(message: Buffer, framing: Framing): Buffer {
  return framing === 'lines'
    ? Buffer.concat([message, Buffer.from('\n')])
    : Buffer.concat([Buffer.from(headers(message)), message]);
}

/** Writes valid headers in one of several forms, which depends on the message. */
function headers({ length }: Buffer): string {
  const ways = [
    `Content-Length: ${length}`,
    `content-length:${length}`,
    `CONTENT-LENGTH:  0${length} `,
    `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ${length}`,
    `Content-Length: ${length}\r\nX-Other: ${'x'.repeat(length % 50)}`,
  ];
  return `${ways[length % ways.length]}\r\n\r\n`;
}
