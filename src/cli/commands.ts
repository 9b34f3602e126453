import { systemClock } from '../util/clock.js';
import type { CommandLine } from './start/command-line.js';
import type { TextCommand } from './texts.js';
import { safeLine } from '../util/text/safe-text.js';
import { CodexHomeError } from '../config/codex-home.js';
import { withDotEnv } from './environment.js';
import type { Io, UsageIo } from './io.js';
import { ownProgram } from './own-program.js';
import { delayWasmOptimization } from './start/wasm-optimization.js';
import { jobControlOf } from './terminal/process/job-control.js';
import { createReaderWatch } from './terminal/process/lost-reader.js';
import { watchTerminals } from './terminal/process/lost-terminal.js';
import { endBySignal, untilSignalled } from './terminal/process/signals.js';

export type TerminalCommand = Exclude<
  CommandLine,
  { kind: 'appServer' | 'refused' | 'generate' } | TextCommand
>;

/**
 * Runs a terminal command. Resolves with the exit code; the process has to exit at once then.
 *
 * @param saveCode saves the compiled code for the next process. Called only after `usage` has read, because the code
 * that it needs is not compiled before
 */
export async function runTerminalCommand(
  command: TerminalCommand,
  saveCode: (() => void) | undefined,
): Promise<number> {
  const closeLostTerminals = watchTerminals();
  if (command.kind === 'usage' && !saveCode) await delayWasmOptimization();
  let readCount = 0;
  const exitCode = await run(command, () => {
    readCount += 1;
  });
  closeLostTerminals();
  if (readCount > 0) saveCode?.();
  return exitCode;
}

/** Resolves at the first signal. Ignores further ones, because the cleanup that follows is short and must be completed. */
async function untilStoppedOnce(): Promise<void> {
  await untilSignalled({ ignoresFurther: true });
}

/**
 * Adds the functions that wait for a signal and end the process by it. The first signal of a kind has removed its
 * listener, so that the second one ends the process.
 */
function withEndBySignal(io: Io): UsageIo {
  let stoppedBy: NodeJS.Signals | undefined;
  return {
    ...io,
    program: ownProgram,
    watchReader: createReaderWatch(io.clock),
    untilStopped: async () => {
      stoppedBy = await untilSignalled();
    },
    endBySignal: () => {
      if (stoppedBy) endBySignal(stoppedBy);
    },
  };
}

async function run(command: TerminalCommand, onLiveRead: () => void): Promise<number> {
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
    jobControl: jobControlOf(process.platform),
    untilStopped: async () => {
      await untilSignalled();
    },
  };
  switch (command.kind) {
    case 'devBackend':
      return (await import('./dev/dev-backend.js')).runDevBackend(command.args, {
        ...io,
        untilStopped: untilSignalled({ ignoresFurther: true }),
      });
    case 'demo':
      return (await import('./dev/demo.js')).runDemo(command.args, {
        ...io,
        untilStopped: untilStoppedOnce(),
      });
    case 'login':
      return (await import('./login/command.js')).runLogin(command.args, io);
    case 'logout':
      return (await import('./login/logout.js')).runLogout(command.args, io);
    case 'usage':
      return (await import('./usage/command.js')).runUsage(command.args, withEndBySignal(io), onLiveRead);
    case 'redeem':
      return (await import('./redeem/command.js')).runRedeem(command.args, io);
    case 'shim':
      return (await import('./upstream/shim/command.js')).runShim(command.args, {
        ...io,
        process,
      });
  }
}
