import { codexHomeOf, withDotEnv } from './environment.js';
import type { OfflineIo } from './io.js';
import { offlineStatusChoice } from './login/status/choice.js';
import { readUsageArguments } from './usage/arguments.js';
import type { OfflineCommand } from './start/offline-command.js';
import { directOutput } from './terminal/direct-output.js';
import { systemClock } from '../util/clock.js';

/**
 * Runs a command if that needs no request, no question and no error message. This module is a bundle of its own, without
 * code for the network. Resolves with the exit code.
 *
 * @param saveCode saves the compiled code for the next process
 * @returns undefined, before anything is written, if the whole program has to run the command
 */
export async function runOffline(
  command: OfflineCommand,
  saveCode: (() => void) | undefined,
): Promise<number | undefined> {
  let exitCode: number | undefined;
  try {
    exitCode = await run(command, {
      // A stream of node takes a while to open, and most runs write to one of them only.
      get stdout() {
        return directOutput('stdout');
      },
      get stderr() {
        return directOutput('stderr');
      },
      env: await withDotEnv(process.env),
      serverEnv: process.env,
      clock: systemClock,
    });
  } catch {
    // The program meets the same error, and explains it.
    return undefined;
  }
  if (exitCode !== undefined) saveCode?.();
  return exitCode;
}

async function run({ kind, args }: OfflineCommand, io: OfflineIo): Promise<number | undefined> {
  switch (kind) {
    case 'usage': {
      const choice = readUsageArguments(args);
      if (!choice || choice.isInstallHelp || choice.isWatching || choice.isWaiting) return undefined;
      if (choice.homes) return (await import('./usage/homes/stored.js')).showStoredHomes(choice, io);
      const { showStoredUsage } = await import('./usage/stored.js');
      const exitCode = await showStoredUsage(choice, io);
      if (exitCode !== undefined || choice.output.kind !== 'preset') return exitCode;
      const { showPreset } = await import('./usage/presets/show-preset.js');
      const { ownProgram } = await import('./own-program.js');
      return showPreset(choice, choice.output, { ...io, program: ownProgram });
    }
    case 'login': {
      const choice = offlineStatusChoice(args);
      return choice && (await import('./login/status/stored.js')).showStoredStatus(choice, io);
    }
    case 'redeem': {
      const { readRedeemArguments } = await import('./redeem/arguments.js');
      const choice = readRedeemArguments(args);
      if (choice?.kind !== 'history') return undefined;
      const { warnAboutTimeZone } = await import('./terminal/time-zone-warning.js');
      warnAboutTimeZone(io);
      const { showHistory } = await import('./redeem/history.js');
      return showHistory(codexHomeOf(io.env), choice.isJson, io);
    }
  }
}
