import { systemClock } from '../util/clock.js';
import type { CommandLine } from './start/command-line.js';
import { runCompletion } from './completion/command.js';
import { runDemo } from './dev/demo.js';
import { runDevBackend } from './dev/dev-backend.js';
import { safeLine } from '../util/safe-text.js';
import { CodexHomeError } from '../config/codex-home.js';
import { withDotEnv } from './environment.js';
import { helpText } from './help.js';
import type { Io, UsageIo } from './io.js';
import { jobControl } from './terminal/job-control.js';
import { runLogin } from './login/command.js';
import { runLogout } from './login/logout.js';
import { watchTerminals } from './terminal/lost-terminal.js';
import { printAll } from './terminal/print.js';
import { untilSignalled } from './terminal/signals.js';
import { runUsage } from './usage/command.js';

export type TerminalCommand = Exclude<CommandLine, { kind: 'appServer' | 'version' | 'refused' }>;

/** Runs a terminal command. Resolves with the exit code; the process has to exit at once then. */
export async function runTerminalCommand(command: TerminalCommand): Promise<number> {
  const closeLostTerminals = watchTerminals();
  const exitCode = await run(command);
  closeLostTerminals();
  return exitCode;
}

/** Resolves at the first signal. Ignores further ones, because the cleanup that follows is short and must be completed. */
async function untilStoppedOnce(): Promise<void> {
  await untilSignalled({ ignoresFurther: true });
}

/** The first signal of a kind has removed its listener, so that the second one ends the process. */
function withEndBySignal(io: Io): UsageIo {
  let stoppedBy: NodeJS.Signals | undefined;
  return {
    ...io,
    untilStopped: async () => {
      stoppedBy = await untilSignalled();
    },
    endBySignal: () => {
      if (stoppedBy) process.kill(process.pid, stoppedBy);
    },
  };
}

async function run(command: TerminalCommand): Promise<number> {
  const { stdin, stdout, stderr, env: serverEnv } = process;
  let env: NodeJS.ProcessEnv;
  try {
    env = await withDotEnv(serverEnv);
  } catch (error) {
    if (!(error instanceof CodexHomeError)) throw error;
    stderr.write(`Error: ${safeLine(error.message)}\n`);
    return 1;
  }
  const io: Io = {
    stdin,
    stdout,
    stderr,
    env,
    serverEnv,
    clock: systemClock,
    random: Math.random,
    jobControl,
    untilStopped: async () => {
      await untilSignalled();
    },
  };
  switch (command.kind) {
    case 'devBackend':
      return runDevBackend(command.args, { ...io, untilStopped: untilStoppedOnce() });
    case 'demo':
      return runDemo(command.args, { ...io, untilStopped: untilStoppedOnce() });
    case 'login':
      return runLogin(command.args, io);
    case 'logout':
      return runLogout(command.args, io);
    case 'usage':
      return runUsage(command.args, withEndBySignal(io));
    case 'redeem':
      return (await import('./redeem/command.js')).runRedeem(command.args, io);
    case 'completion':
      return runCompletion(command.args, io);
    case 'help':
      return printAll('', helpText(), io);
  }
}
