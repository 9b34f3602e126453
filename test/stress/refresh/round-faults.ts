import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BuiltServer } from '../../support/processes/built-server.js';
import { holdForeignLock } from '../../support/files/foreign-lock.js';
import { mountAlone, mounting } from '../../support/files/mounting.js';

/** A fault of a round. */
export interface RoundFault {
  readonly name: string;
  /** Whether it begins when the issuer gets the first request, in place of before the requests of the clients. */
  readonly isLate: boolean;
  /** The command that runs each server. */
  readonly launcher: readonly string[];
  /** Whether no refresh may be sent. */
  readonly isBlocking: boolean;
  /** Whether a request for new tokens is not to be waited for: it would take a minute. */
  readonly isSlow: boolean;
  /** Begins the fault. Resolves with the function that ends it. */
  begin(authPath: string, servers: readonly BuiltServer[]): Promise<() => Promise<void>>;
}

/** The longest time after which a stopped program goes on: some refreshes still wait then. */
const longestStopMs = 2_000;

export function pickFault(random: () => number): RoundFault {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const isLate = random() < 0.5;
  if (mounting && random() < 0.3) return mountedFile(mounting, isLate);
  const saveLocks = ['auth.lock', 'auth.json.lock'];
  const lock = pick(isLate ? saveLocks : [...saveLocks, 'auth.refresh.lock']);
  return stoppedHolder(lock, isLate, random() < 0.5 ? random() * longestStopMs : undefined);
}

/** A program that holds a lock and is stopped; it goes on after `goesOnAfterMs`, or at the end of the round. */
function stoppedHolder(lock: string, isLate: boolean, goesOnAfterMs: number | undefined): RoundFault {
  const isLasting = goesOnAfterMs === undefined;
  return {
    name: `${lock} held by a stopped program${isLasting ? '' : ' that goes on'}${isLate ? ', late' : ''}`,
    isLate,
    launcher: [],
    isBlocking: isLasting && !isLate,
    isSlow: isLasting && lock === 'auth.refresh.lock',
    async begin(authPath) {
      const held = await holdForeignLock(join(dirname(authPath), lock));
      held.stop();
      const released = isLasting ? undefined : pause(goesOnAfterMs).then(held.release);
      return () => released ?? held.release();
    },
  };
}

/** An auth.json that is mounted by itself, as in a container. */
function mountedFile(launcher: readonly string[], isLate: boolean): RoundFault {
  return {
    name: `auth.json mounted${isLate ? ', late' : ''}`,
    isLate,
    launcher,
    isBlocking: !isLate,
    isSlow: false,
    async begin(authPath, servers) {
      await Promise.all(servers.map(({ child }) => mountAlone(child.pid ?? 0, authPath)));
      return () => Promise.resolve();
    },
  };
}
