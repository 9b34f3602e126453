import { safeLine } from './plain-text.js';

/** One line about arguments that cannot be taken. A word that has no place there is not repeated: it may be a key. */
export function wrongUse(command: string, error: unknown): string {
  return `codex-account-server ${command}: ${safeLine(reasonOf(error))}. See --help.\n`;
}

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'Unexpected argument';
  // The further sentences of `parseArgs` are about what no command here takes.
  return code.startsWith('ERR_PARSE_ARGS_') ? message.replace(/(\n|\.\s).*$/s, '') : message;
}
