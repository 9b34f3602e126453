import type { Writable } from 'node:stream';
import { helpText } from './help.js';
import type { ServerCommand } from './start/command-line.js';

/**
 * Writes what the server waits for, if it is started on a terminal. If there is no argument, or an unknown option
 * without `app-server`, the server is not meant: prints the help instead and returns the exit code.
 */
export function answerOnTerminal(
  args: readonly string[],
  { warnings }: ServerCommand,
  stderr: Writable,
): 2 | undefined {
  stderr.on('error', () => undefined);
  const isMeant = args.includes('app-server') || (args.length > 0 && warnings.length === 0);
  stderr.write(isMeant ? line : helpText());
  return isMeant ? undefined : 2;
}

const line = 'Serving JSON-RPC on stdin and stdout until Ctrl-D. For people: --help\n';
