import type { CommandLine } from './command-line.js';
import { runDemo } from './demo.js';
import { runDevBackend } from './dev-backend.js';
import { helpText } from './help.js';
import { runLogin } from './login.js';
import { runLogout } from './logout.js';

export type PeopleCommand = Exclude<CommandLine, { kind: 'appServer' | 'version' | 'refused' }>;

/** Runs a command for people; resolves with the exit code. */
export async function runPeopleCommand(command: PeopleCommand): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  switch (command.kind) {
    case 'devBackend':
      return runDevBackend(command.args, { stdout, stderr, untilStopped: untilSignalled() });
    case 'demo':
      return runDemo(command.args, { stdout, stderr });
    case 'login':
      return runLogin(command.args, { stdin, stdout, stderr, env, untilStopped: untilSignalled });
    case 'logout':
      return runLogout(command.args, { stdout, stderr, env });
    case 'help':
      stdout.write(helpText());
      return 0;
  }
}

function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
