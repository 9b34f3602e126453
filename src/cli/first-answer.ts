import type { Readable, Writable } from 'node:stream';
import { framed } from '../framing/frame.js';
import {
  type ClientState,
  createClientState,
  createInitializeHandler,
  type ServerIdentity,
} from '../handlers/initialize.js';
import { readPlainInitialize } from '../protocol/plain-initialize.js';
import { serverIdentity } from './identity.js';

/** What the rest of the server goes on with. */
export interface Introduction {
  readonly identity: ServerIdentity;
  /** What the client has told of itself; its first line is answered. */
  readonly client: ClientState;
}

/**
 * Answers a client whose first line is a plain `initialize`, before anything else is loaded; whatever else comes, the
 * command line included, is left to the server that is loaded then, with every byte of it.
 */
export async function answerFirst(
  command: { readonly overrides: readonly string[]; readonly warnings: readonly string[] },
  process: { input: Readable; output: Writable; environment: NodeJS.ProcessEnv },
): Promise<Introduction | undefined> {
  if (command.overrides.length > 0 || command.warnings.length > 0) return undefined;
  const { input, output } = process;
  let identity: ServerIdentity;
  try {
    identity = serverIdentity(process.environment);
  } catch {
    return undefined;
  }
  const chunk = await firstChunk(input);
  if (!chunk) return undefined;
  const client = createClientState();
  const lineEnd = chunk.indexOf('\n');
  const answer = lineEnd < 0 ? undefined : answerTo(chunk.toString('latin1', 0, lineEnd), identity, client);
  const rest = answer === undefined ? chunk : chunk.subarray(lineEnd + 1);
  if (rest.length > 0) input.unshift(rest);
  if (answer === undefined) return undefined;
  // That nobody reads it shows again with the next answer, when the server listens.
  output.on('error', () => undefined);
  output.write(answer);
  return { identity, client };
}

function firstChunk(input: Readable): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const finish = (chunk?: Buffer): void => {
      input.off('data', finish).off('end', finish).off('error', finish).pause();
      resolve(Buffer.isBuffer(chunk) ? chunk : undefined);
    };
    input.on('data', finish).on('end', finish).on('error', finish);
  });
}

function answerTo(line: string, identity: ServerIdentity, client: ClientState): string | undefined {
  const request = readPlainInitialize(line);
  if (!request) return undefined;
  try {
    const result = createInitializeHandler({ identity, client }).handleInitialize(request.params);
    return framed(`"id":${request.idText},"result":${JSON.stringify(result)}`, 'lines');
  } catch {
    return undefined;
  }
}
