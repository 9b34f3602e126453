import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { ScenarioName } from '../../../../src/dev-backend/account/scenarios.js';
import { createDevHome, type DevHomeOptions } from '../../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../../src/dev-backend/server.js';
import type { Clock } from '../../../../src/util/clock.js';
import { type UsageFixture, type UsageRun, withUsage } from '../fixture.js';

export interface HomesFixture {
  /** The backend of the first account. */
  readonly backend: DevBackend;
  /** The backend of `otherAccount`. */
  readonly other: DevBackend;
  /** The home folder of the user: `~` in labels. */
  readonly folder: string;
  /** Creates a home in the folder, with the login of the first account unless the options say otherwise. */
  add(name: string, options?: Partial<DevHomeOptions>): void;
  /** Creates a home with the login of `otherAccount`. */
  addOther(name: string): void;
  /** Starts `usage` with these homes of the folder. */
  start(
    names: readonly string[],
    args?: readonly string[],
    options?: Parameters<UsageFixture['start']>[1],
  ): UsageRun;
  /** Runs it until it exits. */
  run(
    names: readonly string[],
    ...args: string[]
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** How often the usage of each account has been asked for. */
  usageRequests(): { first: number; other: number };
}

const otherAccount = {
  ...{ accountId: 'account-other', userId: 'user-other', email: 'other@example.com' },
  plan: 'free',
};

/** Calls `act` with a folder for homes and the backends of two accounts. */
export function withHomes(
  options: { scenario?: ScenarioName; clock?: Clock },
  act: (fixture: HomesFixture) => Promise<void>,
): Promise<void> {
  return withUsage(options, async ({ backend, start }) => {
    const { clock } = options;
    const other = await startDevBackend({
      scenario: 'free',
      users: [otherAccount],
      ...(clock && { clock }),
    });
    const folder = mkdtempSync(join(tmpdir(), 'usage-homes-'));
    const add: HomesFixture['add'] = (name, home = {}) => {
      const { path } = createDevHome({ backendUrl: backend.url, ...home }, clock);
      renameSync(path, join(folder, name));
    };
    const begin: HomesFixture['start'] = (names, args = [], { env, ...rest } = {}) => {
      const homes = names.flatMap((name) => ['--home', name.startsWith('/') ? name : join(folder, name)]);
      return start([...homes, ...args], { env: { HOME: folder, CODEX_HOME: '/nowhere', ...env }, ...rest });
    };
    const usageOf = ({ requests }: DevBackend): number =>
      requests.filter(({ url }) => url.endsWith('/usage')).length;
    try {
      await act({
        backend,
        other,
        folder,
        add,
        addOther: (name) => add(name, { backendUrl: other.url, ...otherAccount }),
        start: begin,
        async run(names, ...args) {
          const { stdout, stderr, exitCode } = begin(names, args);
          return { exitCode: await exitCode, stdout: stdout.text(), stderr: stderr.text() };
        },
        usageRequests: () => ({ first: usageOf(backend), other: usageOf(other) }),
      });
    } finally {
      await other.close();
      rmSync(folder, { recursive: true });
    }
  });
}

export const four = ['out', 'slow', 'normal', 'copy'];

/** Creates four homes: signed out, of a backend that the test holds, and two of one account. */
export function addFour({ add, addOther }: HomesFixture): void {
  add('out', { auth: 'none' });
  addOther('slow');
  add('normal');
  add('copy');
}

/** The start of the labels of homes in the folder of the user. */
export const tilde = `~${sep}`;

/** Returns the line that a user enters to run a command with a home in `folder`: of a shell of Unix, or of PowerShell. */
export function homeCommand(folder: string, name: string, command: string): string {
  const prefix =
    process.platform === 'win32'
      ? `$env:CODEX_HOME='${join(folder, name)}'; `
      : `CODEX_HOME=${tilde}${name} `;
  return `${prefix}codex-account-server ${command}`;
}
