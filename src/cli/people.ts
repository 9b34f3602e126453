import { systemClock } from '../util/clock.js';
import type { CommandLine } from './command-line.js';
import { runCompletion } from './completion.js';
import { runDemo } from './demo.js';
import { runDevBackend } from './dev-backend.js';
import { helpText } from './help.js';
import { jobControl } from './job-control.js';
import { runLogin } from './login.js';
import { runLogout } from './logout.js';
import { watchTerminals } from './lost-terminal.js';
import { printAll } from './print.js';
import { untilSignalled } from './signals.js';
import { runUsage } from './usage.js';

export type PeopleCommand = Exclude<CommandLine, { kind: 'appServer' | 'version' | 'refused' | 'redeem' }>;

/** Runs a terminal command. Resolves with the exit code; the process then has to exit at once. */
export async function runPeopleCommand(command: PeopleCommand): Promise<number> {
  const closeLostTerminals = watchTerminals();
  const exitCode = await run(command);
  closeLostTerminals();
  return exitCode;
}

/** Ignores further signals: the cleanup that follows the first one is short and must be completed. */
function untilStoppedOnce(): Promise<void> {
  return untilSignalled({ ignoresFurther: true });
}

async function run(command: PeopleCommand): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  switch (command.kind) {
    case 'devBackend':
      return runDevBackend(command.args, { stdout, stderr, untilStopped: untilStoppedOnce() });
    case 'demo':
      return runDemo(command.args, { stdout, stderr, env, untilStopped: untilStoppedOnce() });
    case 'login':
      return runLogin(command.args, { stdin, stdout, stderr, env, untilStopped: untilSignalled });
    case 'logout':
      return runLogout(command.args, { stdout, stderr, env });
    case 'usage': {
      const { random } = Math;
      const io = { clock: systemClock, random, jobControl, untilStopped: untilSignalled };
      return runUsage(command.args, { stdout, stderr, env, ...io });
    }
    case 'completion':
      return runCompletion(command.args, { stdout, stderr });
    case 'help':
      return printAll('', helpText(), { stdout, stderr });
  }
}
