import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { runRedeem } from '../../../src/cli/redeem/command.js';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { createDevHome, type DevHomeOptions } from '../../../src/dev-backend/home.js';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import type { RedeemOutput } from '../../../schema/typescript/RedeemOutput.js';
import { type Clock, systemClock } from '../../../src/util/clock.js';
import { plainEnvironment } from '../plain-environment.js';
import { createScreen, type Screen } from '../screen.js';
import { startOnTerminal, type Terminal } from '../../support/processes/terminal.js';

export const keys = { enter: '\r', down: '\u001b[B', ctrlC: '\u0003', ctrlD: '\u0004', escape: '\u001b' };

/** The pauses between the reads of windows that may still change. The clock skips them. */
const verifyPausesMs = [1_000, 2_000, 4_000, 8_000];

const hastyClock: Clock = {
  ...systemClock,
  after: (delayMs, callback) => systemClock.after(verifyPausesMs.includes(delayMs) ? 0 : delayMs, callback),
};

export interface RedeemDialog {
  readonly stdout: Screen;
  readonly stderr: Screen;
  type(text: string): void;
  /** Closes the keyboard. */
  end(): void;
  /** Acts like Ctrl-C while there is no prompt. */
  stop(): void;
  readonly exitCode: Promise<number>;
  /** Returns stdout without its escape sequences. */
  shown(): string;
}

export interface DialogOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** No terminal unless given. */
  readonly columns?: number;
  /** The code of the error with which every write to stdout fails. */
  readonly stdoutError?: string;
}

export interface RedeemCommandFixture {
  readonly backend: DevBackend;
  readonly home: string;
  /** Starts it in this process. */
  startDialog(args: readonly string[], options?: DialogOptions): RedeemDialog;
  /** Runs it until it exits, without a terminal. */
  run(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Runs it with `--json`; all times are replaced by 0. */
  json(...args: string[]): Promise<{ exitCode: number; output: RedeemOutput }>;
  /** Runs the built command on its own terminal. */
  terminal(args: readonly string[], environment?: NodeJS.ProcessEnv, columns?: number): Terminal;
  /** Holds all requests to the endpoint; resolves when there is one. */
  hang(endpoint: 'usage' | 'consume'): Promise<void>;
  /** Refuses the held requests and later ones. */
  refuse(): void;
  /** Returns the bodies of the redemptions that the backend received. */
  sent(): { redeem_request_id: string; credit_id?: string }[];
  /** Returns the ids of the used credits. */
  used(): string[];
  /** Returns the attempts in the journal. */
  journal(): Redemption[];
  /** Returns the state of each attempt in the journal. */
  states(): string[];
}

/** Calls `act` with the embedded backend and a CODEX_HOME for `redeem`. Times are in UTC, texts in UTF-8 without colours. */
export async function withRedeem(
  options: { scenario?: ScenarioName; auth?: DevHomeOptions['auth']; clock?: Clock },
  act: (fixture: RedeemCommandFixture) => Promise<void>,
): Promise<void> {
  const { scenario = 'at-limit', auth = 'chatgpt', clock = hastyClock } = options;
  const backend = await startDevBackend({ scenario, clock });
  const home = createDevHome({ backendUrl: backend.url, auth }, clock);
  const usual = plainEnvironment(home.path);
  const running: Promise<unknown>[] = [];
  const terminals: Terminal[] = [];
  const hanging: ServerResponse[] = [];
  const hasHung: ('usage' | 'consume')[] = [];

  const journal = (): Redemption[] => {
    const text = readFileSync(join(home.path, 'account-server/redemptions.json'), 'utf8');
    return (JSON.parse(text) as { redemptions: Redemption[] }).redemptions;
  };

  const startDialog: RedeemCommandFixture['startDialog'] = (
    args,
    { environment = {}, columns, stdoutError } = {},
  ) => {
    const stdin = Object.assign(new PassThrough(), {
      isTTY: columns !== undefined,
      setRawMode: () => undefined,
    });
    const stdout = createScreen(columns);
    const stderr = createScreen(columns);
    if (stdoutError !== undefined) stdout.breakWith(stdoutError);
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const env = { ...usual, ...environment };
    const exitCode = runRedeem(args, {
      ...{ stdin, stdout, stderr, env, serverEnv: env },
      clock,
      random: () => 0.5,
      untilStopped: () => stopped,
    });
    running.push(exitCode);
    const shown = (): string => stripVTControlCharacters(stdout.text());
    return {
      stdout,
      stderr,
      stop,
      exitCode,
      shown,
      type: (text) => stdin.write(text),
      end: () => stdin.end(),
    };
  };
  const run: RedeemCommandFixture['run'] = async (...args) => {
    const { stdout, stderr, exitCode } = startDialog(args);
    return { exitCode: await exitCode, stdout: stdout.text(), stderr: stderr.text() };
  };
  try {
    await act({
      backend,
      home: home.path,
      startDialog,
      run,
      async json(...args) {
        const { exitCode, stdout } = await run(...args, '--json');
        const text = stdout
          .replace(/"(\w*[aA]t)": \d+/g, '"$1": 0')
          .replace(/"soonestExpiresAt": \d+/g, '"soonestExpiresAt": 0');
        return { exitCode, output: JSON.parse(text) as RedeemOutput };
      },
      terminal(args, environment, columns) {
        const options = { environment: { ...usual, ...environment }, ...(columns && { columns }) };
        const terminal = startOnTerminal(['redeem', ...args], options);
        terminals.push(terminal);
        return terminal;
      },
      hang: (endpoint) =>
        new Promise((resolve) => {
          hasHung.push(endpoint);
          backend.script(endpoint, (_request, response) => {
            hanging.push(response);
            resolve();
            return 'handled';
          });
        }),
      refuse() {
        for (const endpoint of hasHung) backend.script(endpoint, { status: 400, body: {} });
        for (const response of hanging.splice(0)) response.writeHead(400).end('{}');
      },
      sent: () =>
        backend.requests
          .filter(({ url }) => url.endsWith('/consume'))
          .map(({ body }) => JSON.parse(body) as { redeem_request_id: string }),
      used: () => [...backend.ledger.redeemedIds],
      journal,
      states: () => journal().map(({ state }) => state),
    });
  } finally {
    for (const terminal of terminals) terminal.hangUp();
    await Promise.all(terminals.map(({ ended }) => ended));
    await Promise.all(running);
    await backend.close();
    home.remove();
  }
}
