import type { Writable } from 'node:stream';
import { completionScripts } from './completion-scripts.js';
import { shells } from './completion-words.js';
import { print, printAll } from './print.js';

const usage = `Usage: codex-account-server completion ${shells.join('|')}

Prints what a shell has to read to complete codex-account-server, which must be on your
PATH. Put the line for your shell into the file that it starts with:

  bash  eval "$(codex-account-server completion bash)"
  zsh   source <(codex-account-server completion zsh)   # behind compinit
  fish  codex-account-server completion fish | source

Exit codes: 0 printed; 2 wrong use.
`;

/** Resolves with the exit code. */
export async function runCompletion(
  args: readonly string[],
  io: { stdout: Writable; stderr: Writable },
): Promise<number> {
  const [word, ...others] = args;
  const shell = shells.find((name) => name === word);
  const isHelp = word === '--help' || word === '-h';
  if (others.length > 0 || (!shell && !isHelp)) {
    await print(io.stderr, usage);
    return 2;
  }
  return printAll('completion', shell ? completionScripts[shell]() : usage, io);
}
