import { completionScripts } from './scripts.js';
import { shells } from './words.js';
import { print, printAll, type TextOutput } from '../terminal/print.js';

const helpText = `Usage: codex-account-server completion ${shells.join('|')}

Prints a completion script. codex-account-server must be on your PATH. Add the
line for your shell to its startup file:

  bash  eval "$(codex-account-server completion bash)"
  zsh   source <(codex-account-server completion zsh)   # after compinit
  fish  codex-account-server completion fish | source

For PowerShell:
  codex-account-server completion powershell | Out-String | Invoke-Expression

Exit codes: 0 printed; 2 wrong usage.
`;

/** Prints a completion script. Resolves with the exit code. */
export async function runCompletion(
  args: readonly string[],
  io: { readonly stdout: TextOutput; readonly stderr: TextOutput },
): Promise<number> {
  const [word, ...others] = args;
  const shell = shells.find((name) => name === word);
  const isHelp = word === '--help' || word === '-h';
  if (others.length > 0 || (!shell && !isHelp)) {
    await print(io.stderr, helpText);
    return 2;
  }
  return printAll('completion', shell ? completionScripts[shell]() : helpText, io);
}
