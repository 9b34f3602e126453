import type { UsageIo } from '../../../src/cli/io.js';
import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { runUsage } from '../../../src/cli/usage/command.js';
import { createDevHome, type DevHomeOptions } from '../../../src/dev-backend/home.js';
import { devIdentity } from '../../../src/dev-backend/identity.js';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { type Clock, systemClock } from '../../../src/util/clock.js';
import { plainEnvironment } from '../plain-environment.js';
import { createScreen, type Screen } from '../screen.js';

export interface UsageRun {
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Types on the keyboard, if there is one. */
  press(keys: string): void;
  /** The modes of the keyboard and the signals that keys have sent, in their order. */
  readonly keyboard: readonly string[];
  /** Acts like Ctrl-C. */
  stop(): void;
  /** Acts like Ctrl-Z. */
  suspend(): void;
  /** Acts like `fg`. */
  resume(): void;
  readonly exitCode: Promise<number>;
}

export interface UsageFixture {
  readonly backend: DevBackend;
  readonly home: string;
  start(
    args: readonly string[],
    options?: {
      columns?: number;
      errorColumns?: number;
      /** Whether stdin is a terminal. */
      hasKeyboard?: boolean;
      clock?: Clock;
      env?: NodeJS.ProcessEnv;
      /** The variables of `.env` in CODEX_HOME. */
      dotEnv?: NodeJS.ProcessEnv;
    },
  ): UsageRun;
  /** Runs it until it exits. */
  run(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

/** Calls `act` with the embedded backend and a CODEX_HOME for `usage`. Times are in UTC, texts in UTF-8 without colours. */
export async function withUsage(
  options: {
    scenario?: ScenarioName;
    clock?: Clock;
    auth?: DevHomeOptions['auth'];
    home?: Partial<DevHomeOptions>;
  },
  act: (fixture: UsageFixture) => Promise<void>,
): Promise<void> {
  const { clock = systemClock, auth = 'chatgpt' } = options;
  const backend = await startDevBackend({ scenario: options.scenario ?? 'fresh', clock });
  const home = createDevHome({ backendUrl: backend.url, auth, ...options.home }, clock);
  const reads: Promise<number>[] = [];
  const start: UsageFixture['start'] = (args, options = {}) => {
    const { columns, errorColumns, hasKeyboard = false, clock: own = clock, env, dotEnv } = options;
    const keyboard: string[] = [];
    const stdin = Object.assign(new PassThrough(), {
      isTTY: hasKeyboard,
      setRawMode: (isRaw: boolean) => keyboard.push(isRaw ? 'raw' : 'usual'),
    });
    const stdout = createScreen(columns);
    const stderr = createScreen(errorColumns);
    let stop = (): void => undefined;
    let suspend = (): void => undefined;
    let resume = (): void => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const environment = {
      ...plainEnvironment(home.path),
      ...devEnvironment(backend.url),
      ...env,
    };
    const io: Omit<UsageIo, 'stdout' | 'stderr'> = {
      stdin,
      watchReader: () => () => undefined,
      env: { ...environment, ...dotEnv },
      serverEnv: environment,
      clock: own,
      random: () => 0.5,
      jobControl: {
        follow(beforeStop, afterResume) {
          suspend = beforeStop;
          resume = afterResume;
          return () => undefined;
        },
        raise: (signal) => void keyboard.push(signal),
      },
      untilStopped: () => stopped,
      endBySignal: () => undefined,
      program: {
        node: '/opt/node/bin/node',
        script: '/opt/codex/codex-account-server',
        // The same program, but in this process.
        startRead: (words: readonly string[]) => {
          const output = createScreen();
          const read = runUsage(words, { ...io, stdout: output, stderr: createScreen() });
          reads.push(read);
          return Promise.resolve({ pid: undefined, output: read.then(() => output.text()) });
        },
      },
    };
    const exitCode = runUsage(args, { ...io, stdout, stderr });
    const press = (keys: string): void => void stdin.write(keys);
    return {
      stdout,
      stderr,
      press,
      keyboard,
      stop,
      suspend: () => suspend(),
      resume: () => resume(),
      exitCode,
    };
  };
  try {
    await act({
      backend,
      home: home.path,
      start,
      async run(...args) {
        const { stdout, stderr, exitCode } = start(args);
        return { exitCode: await exitCode, stdout: stdout.text(), stderr: stderr.text() };
      },
    });
  } finally {
    await backend.close();
    await Promise.all(reads);
    home.remove();
  }
}

/** Requires that `usage` refuses the arguments with this text, before it reads. */
export function requireWrongUse(args: string, text: string): Promise<void> {
  return withUsage({}, async ({ run, backend }) => {
    const ended = await run(...args.split(' '));
    expect(ended).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(text) as string });
    expect(backend.requests).toEqual([]);
  });
}

/** Returns a usage body: the account is blocked until its window of five hours resets, in Unix seconds. */
export function blockedUntil(resetsAt: number): object {
  return usageOf({ used_percent: 100, limit_window_seconds: 18_000, reset_at: resetsAt }, false);
}

/** Returns a usage body with one window. */
export function usageOf(window: object, isAllowed = true): object {
  return {
    account_id: devIdentity.accountId,
    user_id: devIdentity.userId,
    plan_type: 'pro',
    rate_limit: { allowed: isAllowed, primary_window: window },
    rate_limit_reset_credits: { available_count: 1 },
    rate_limit_reached_type: isAllowed ? null : { type: 'rate_limit_reached' },
  };
}
