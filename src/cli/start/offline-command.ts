import type { CommandLine } from './command-line.js';

/** A terminal command that may need no request. */
export interface OfflineCommand {
  readonly kind: 'usage' | 'login' | 'redeem';
  readonly args: readonly string[];
}

/** The words with which a command is worth a try without the code that sends requests. */
const offlineWords = {
  usage: /^--(cached|max-age|preset)/,
  login: /^status$/,
  redeem: /^--history$/,
};

/** Returns the command if it may need no request. @param environment may have a variable that the program warns about */
export function offlineCommand(
  command: CommandLine,
  { NODE_TLS_REJECT_UNAUTHORIZED }: NodeJS.ProcessEnv,
): OfflineCommand | undefined {
  if (NODE_TLS_REJECT_UNAUTHORIZED === '0') return undefined;
  const { kind } = command;
  if (kind !== 'usage' && kind !== 'login' && kind !== 'redeem') return undefined;
  return command.args.some((word) => offlineWords[kind].test(word))
    ? { kind, args: command.args }
    : undefined;
}
