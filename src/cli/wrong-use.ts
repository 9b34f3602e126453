import { nearestWord } from '../util/text/edit-distance.js';
import { safeLine } from '../util/text/safe-text.js';
import { completedCommands } from './completion/words.js';

/** Describes wrong arguments in one line, with the option that was probably meant. */
export function wrongUse(command: string, error: unknown): string {
  return `codex-account-server ${command}: ${safeLine(reasonOf(command, error))} See --help.\n`;
}

/** Returns an error about an argument that a command does not take. */
export function unexpectedArgument(word: string): Error {
  return new Error(mayBeSecret(word) ? 'Unexpected argument' : `Unexpected argument '${word}'`);
}

function reasonOf(command: string, error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  // Only the first sentence of `parseArgs`: the others explain syntax that no command here takes.
  const first = code.startsWith('ERR_PARSE_ARGS_') ? message.replace(/(\n|\.\s).*$/s, '') : message;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    return `${unexpectedArgument(/^Unexpected argument '(.*)'\. /s.exec(message)?.[1] ?? '').message}.`;
  }
  const option = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && /^Unknown option '(.*)'$/s.exec(first)?.[1];
  const meant = option && nearestWord(option, optionsOf(command));
  if (meant) return `${first}; did you mean ${meant}?`;
  return first.endsWith('?') ? first : `${first}.`;
}

function optionsOf(command: string): string[] {
  return completedCommands.find(({ name }) => name === command)?.options.map(({ name }) => name) ?? [];
}

/** Returns whether an argument may be a key or token, which must not be shown. */
function mayBeSecret(word: string): boolean {
  return !/^[\w.-]{1,12}$/.test(word) || /^(sk|at|rt)-|^eyJ/.test(word);
}
