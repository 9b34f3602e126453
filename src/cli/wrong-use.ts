import { safeLine } from './plain-text.js';

/**
 * One line about arguments that cannot be taken. A word that has no place there is not repeated: it may be a key. Further
 * sentences of `parseArgs` are about what no command here takes.
 */
export function wrongUse(command: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const [reason = ''] =
    code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? ['Unexpected argument'] : message.split(/\n|\.\s/);
  return `codex-account-server ${command}: ${safeLine(reason)}. See --help.\n`;
}
