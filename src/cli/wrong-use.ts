/** One line about arguments that cannot be taken; further sentences of `parseArgs` are about what no command here takes. */
export function wrongUse(command: string, error: unknown): string {
  const [reason = ''] = (error as Error).message.split(/\n|\.\s/);
  return `codex-account-server ${command}: ${reason}. See --help.\n`;
}
