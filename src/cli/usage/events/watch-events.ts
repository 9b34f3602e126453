import { watchLimits } from '../../../handlers/limits/watch-limits.js';
import type { LimitsEvent } from '../../../limits/events/event-rules.js';
import type { UsageEvent } from '../../../protocol/schema/reports/usage-event.js';
import { findExecutable } from '../../../util/files/executable.js';
import { createFileLocks, type FileLocks } from '../../../util/files/locks/file-lock.js';
import { makeFolder } from '../../../util/files/own-file.js';
import { accountFolder } from '../../../util/files/account-folder.js';
import { safeJson, safeLine } from '../../../util/text/safe-text.js';
import type { UsageIo } from '../../io.js';
import { withOwnServices } from '../../in-process/own-services.js';
import { print } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import type { UsageChoice } from '../arguments.js';
import { usageFailure } from '../failure.js';
import { readAgain } from '../watch/watch.js';
import type { EventsChoice } from './arguments.js';
import { eventMessage } from './message.js';
import { createEventReports } from './report-events.js';
import { runEventCommand } from './run-command.js';
import { type EventStateFile, eventStateFile, StateFileError } from './state-file.js';

/** How long another watch may take to end. */
const lockWaitMs = 2_000;

/**
 * Reads the limits and reports events, until it is stopped or its reader has gone. Resolves with the exit code: 0 if it was
 * stopped.
 */
export async function watchEvents(
  choice: UsageChoice,
  events: EventsChoice,
  io: UsageIo,
  stopped: AbortSignal,
): Promise<number> {
  const { env: environment, clock, random, stderr } = io;
  const { command } = events;
  const say = (text: string): Promise<boolean> => print(stderr, `${safeLine(text)}\n`);
  if (command && findExecutable(command[0], io.serverEnv.PATH) === undefined) {
    await say(`codex-account-server usage: '${command[0]}' is not a command that can be run.`);
    return 2;
  }
  const readerGone = new AbortController();
  const loseReader = (): void => readerGone.abort(new Error('no reader'));
  const signal = AbortSignal.any([stopped, readerGone.signal]);
  // Only events that are printed have a reader. A watch without one would keep the state file from the next watch.
  const leaveReader = command ? () => undefined : io.watchReader(loseReader);
  try {
    return await withOwnServices(
      { environment, clock, random, writeLog: (line) => void stderr.write(line) },
      async ({ limits, codexHome, log }) => {
        const file = eventStateFile(codexHome, events);
        const follow = async (stored: EventStateFile | undefined): Promise<never> => {
          const reports = createEventReports(events, {
            state: stored?.read((problem) => void say(problem)) ?? { accounts: {}, pending: [] },
            save: onceFailing((state) => stored?.write(state), say),
            report: async (event) => {
              if (!(await reportEvent(event, events, io, signal))) loseReader();
            },
            clock,
          });
          let lastFailure = '';
          const end = new AbortController();
          const following = AbortSignal.any([signal, end.signal]);
          const work = [
            reports.run(following),
            watchLimits({
              intervalMs: choice.intervalMs,
              read: (last, maxAgeMs) => readAgain(last, maxAgeMs, limits, following),
              known: { limits: undefined, readAtMs: undefined },
              onRead({ answer, userId }) {
                lastFailure = '';
                reports.onRead(answer, `${answer.accountId ?? ''}/${userId ?? ''}`);
              },
              onFailure(error) {
                const { message, data } = usageFailure(error, clock.nowMs()).error;
                if (message !== lastFailure) void say(message);
                lastFailure = message;
                reports.onFailure(data.kind);
              },
              clock,
              random,
              signal: following,
            }),
          ];
          try {
            return await Promise.race(work);
          } finally {
            // A command that runs is ended, and has a little time for that.
            end.abort(new Error('the watch has ended'));
            await Promise.allSettled(work);
          }
        };
        const locks = createFileLocks({ log, searchPath: environment.PATH });
        makeFolderIfPossible(codexHome);
        await whileFree(file, { locks, clock, signal }, () => follow(file));
        if (command) {
          await say('Another usage --watch with the same --on and command is running.');
          return 1;
        }
        await say('Another usage --watch with the same --on is running, so this one remembers nothing.');
        return follow(undefined);
      },
    );
  } catch (error) {
    if (signal.aborted) return 0;
    await say(
      error instanceof StateFileError
        ? `${error.message}.`
        : usageFailure(error, clock.nowMs()).error.message,
    );
    return 1;
  } finally {
    leaveReader();
  }
}

/** Prints an event, or runs the command for it. Resolves with whether there is still a reader. */
async function reportEvent(
  event: LimitsEvent,
  { command }: EventsChoice,
  { stdout, stderr, env, serverEnv, clock }: UsageIo,
  signal: AbortSignal,
): Promise<boolean> {
  const textStyle = textStyleFor(stdout, env);
  const reported: UsageEvent = {
    version: 1,
    ...event,
    message: eventMessage(event, { nowMs: clock.nowMs(), textStyle }),
  };
  if (!command) return print(stdout, `${safeJson(reported, 0)}\n`);
  await print(stderr, `${safeLine(reported.message)}\n`);
  const problem = await runEventCommand(reported, { command, environment: serverEnv, clock, signal });
  if (problem !== undefined && !signal.aborted) {
    await print(stderr, `The command for '${event.kind}' has failed: ${safeLine(problem)}.\n`);
  }
  return true;
}

/** Wraps a function so that only its first failure is reported, until it succeeds again. */
function onceFailing<T>(
  write: (value: T) => void,
  say: (text: string) => Promise<boolean>,
): (value: T) => void {
  let hasFailed = false;
  return (value) => {
    try {
      write(value);
      hasFailed = false;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'error';
      if (!hasFailed)
        void say(`What was reported cannot be stored (${code}): a restart will report it again.`);
      hasFailed = true;
    }
  };
}

/** Runs `work` while no other process has the file. Resolves if another one has it and keeps it. */
async function whileFree(
  { path }: EventStateFile,
  { locks, clock, signal }: { locks: FileLocks; clock: UsageIo['clock']; signal: AbortSignal },
  work: () => Promise<never>,
): Promise<void> {
  const busy = new AbortController();
  const cancel = clock.after(lockWaitMs, () => busy.abort(new Error('busy')));
  const held = (): Promise<never> => {
    cancel();
    return work();
  };
  try {
    const waiting = AbortSignal.any([signal, busy.signal]);
    await locks.hold([`${path}.lock`], held, { signal: waiting, isBestEffort: true });
  } catch (error) {
    if (error !== busy.signal.reason) throw error;
  }
}

function makeFolderIfPossible(codexHome: string): void {
  try {
    makeFolder(accountFolder(codexHome));
  } catch {
    // The lock reports it.
  }
}
