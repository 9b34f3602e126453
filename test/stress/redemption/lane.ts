import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { movedClock, type Redeemer, startRedeemer } from './redeemer.js';

const isWindows = process.platform === 'win32';

/**
 * Processes and homes that rounds use one after the other. Processes 0 and 1 have the first home. Process 2 has the
 * second one, whose auth.json is a link to that of the first; on Windows, where a link needs a right, the first one.
 */
export interface Lane {
  readonly homes: readonly [string, string];
  /** The file with the milliseconds by which the clock of all processes is moved. */
  readonly clockPath: string;
  /** Returns a process that has a client; starts it if it does not run. */
  client(index: ProcessIndex): Promise<Redeemer>;
  /** Has the process open another client in the next round. */
  renew(index: ProcessIndex): void;
}

export type ProcessIndex = 0 | 1 | 2;

/** Runs `act` with a lane, and ends its processes. */
export async function withLane(act: (lane: Lane) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'codex-account-server-lane-'));
  const homes = [join(root, 'home'), join(root, 'other-home')] as const;
  const clockPath = join(root, 'clock');
  for (const home of homes) mkdirSync(home);
  if (!isWindows) symlinkSync(join(homes[0], 'auth.json'), join(homes[1], 'auth.json'));
  writeFileSync(clockPath, '0');
  const processes: Redeemer[] = [];
  const opened = new Set<Redeemer>();

  try {
    await act({
      homes,
      clockPath,
      async client(index) {
        let process = processes[index];
        if (!process || process.isDead()) process = processes[index] = startRedeemer(clockPath);
        if (opened.has(process)) return process;
        opened.add(process);
        const environment = {
          PATH: globalThis.process.env.PATH,
          HOME: root,
          CODEX_HOME: homes[index === 2 && !isWindows ? 1 : 0],
          // No token is refreshed.
          ...devEnvironment('http://127.0.0.1:9'),
          ...movedClock(clockPath),
        };
        await process.order('open', { environment });
        return process;
      },
      renew(index) {
        const process = processes[index];
        if (process) opened.delete(process);
      },
    });
  } finally {
    await Promise.all(processes.map((each) => each.end()));
    rmSync(root, { recursive: true, force: true });
  }
}
