import { safeLine } from '../../util/safe-text.js';

/** Describes wrong arguments in one line. Does not repeat an unexpected word, as it may be an API key. */
export function wrongUse(command: string, error: unknown): string {
  return `codex-account-server ${command}: ${safeLine(reasonOf(error))}. See --help.\n`;
}

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'Unexpected argument';
  // Only the first sentence of `parseArgs`: the others explain syntax that no command here takes.
  return code.startsWith('ERR_PARSE_ARGS_') ? message.replace(/(\n|\.\s).*$/s, '') : message;
}
