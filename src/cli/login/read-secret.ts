import { isUtf8 } from 'node:buffer';
import type { InputStream } from '../io.js';

/** A key or a token that comes on stdin. */
export interface Secret {
  /** The name in messages: `API key`. */
  readonly name: string;
  readonly option: string;
  /** The variable of the example in a message. */
  readonly variable: string;
}

/** Longer input is not a key: someone has redirected the wrong file. */
const maxBytes = 64 * 1024;

/** Reads a secret from stdin. Resolves with undefined, after a message, if that has none. */
export async function readSecret(
  stdin: InputStream,
  { name, option, variable }: Secret,
  writeLine: (line: string) => void,
  platform = process.platform,
): Promise<string | undefined> {
  if (stdin.isTTY) {
    const print = platform === 'win32' ? `$env:${variable}` : `printenv ${variable}`;
    // A typed key would stay on the screen, and one on the command line in the shell's history.
    writeLine(
      `${option} expects the ${name} on stdin. Try piping it, e.g. \`${print} | codex-account-server login ${option}\`.`,
    );
    return undefined;
  }
  writeLine(`Reading ${name} from stdin...`);
  let input: Buffer;
  try {
    input = await readAll(stdin);
  } catch (error) {
    writeLine(`Failed to read stdin: ${(error as Error).message}`);
    return undefined;
  }
  return input.toString('utf8');
}

/** @throws Error whose message says what is wrong */
async function readAll(stdin: InputStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    length += bytes.length;
    if (length > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
  }
  const input = Buffer.concat(chunks);
  if (!isUtf8(input)) throw new Error('stream did not contain valid UTF-8');
  return input;
}
