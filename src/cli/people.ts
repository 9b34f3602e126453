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
import { untilSignalled } from './until-signalled.js';
import { runUsage } from './usage.js';

export type PeopleCommand = Exclude<CommandLine, { kind: 'appServer' | 'version' | 'refused' }>;

/** Runs a command for people; resolves with the exit code, with which the process then exits at once. */
export async function runPeopleCommand(command: PeopleCommand): Promise<number> {
  const closeLostTerminals = watchTerminals();
  const exitCode = await run(command);
  closeLostTerminals();
  return exitCode;
}

/** What is left then is removed in a moment, also when a person is impatient. */
function untilCleared(): Promise<void> {
  return untilSignalled({ ignoresFurther: true });
}

async function run(command: PeopleCommand): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  switch (command.kind) {
    case 'devBackend':
      return runDevBackend(command.args, { stdout, stderr, untilStopped: untilCleared() });
    case 'demo':
      return runDemo(command.args, { stdout, stderr, env, untilStopped: untilCleared() });
    case 'login':
      return runLogin(command.args, { stdin, stdout, stderr, env, untilStopped: untilSignalled });
    case 'logout':
      return runLogout(command.args, { stdout, stderr, env });
    case 'usage': {
      const { random } = Math;
      const world = { clock: systemClock, random, jobControl, untilStopped: untilSignalled };
      return runUsage(command.args, { stdout, stderr, env, ...world });
    }
    case 'redeem': {
      const { runRedeem } = await import('./redeem.js');
      const world = { clock: systemClock, untilStopped: untilSignalled };
      return runRedeem(command.args, { stdin, stdout, stderr, env, ...world });
    }
    case 'completion':
      return runCompletion(command.args, { stdout, stderr });
    case 'help':
      return printAll('', helpText(), { stdout, stderr });
  }
}
