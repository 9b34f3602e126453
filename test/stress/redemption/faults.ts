import { rmSync } from 'node:fs';
import type { Redeemer } from './redeemer.js';
import { answerDelayMs, replaceFile, type Scene, users } from './scene.js';

/** The target of a fault. */
export interface FaultTarget {
  readonly scene: Scene;
  /** The process during whose work the fault comes. */
  readonly redeemer: Redeemer;
  /** The processes that a fault has stopped. */
  readonly stopped: Set<Redeemer>;
}

interface Fault {
  readonly kind: FaultKind;
  /** @param value a number from the seed, from 0 up to but excluding 1 */
  readonly apply: (target: FaultTarget, value: number) => void;
}

/** Changes the lock files. Windows refuses it while a process has one open: the fault then does not come. */
function changeLocks(scene: Scene, change: (path: string) => void): void {
  try {
    scene.lockPaths().forEach(change);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  }
}

export type FaultKind = 'kill' | 'account' | 'return' | 'clock' | 'lock' | 'answer';

const threeDaysMs = 3 * 24 * 60 * 60 * 1000;

export const faults = {
  clientKilled: { kind: 'kill', apply: ({ redeemer }) => redeemer.kill() },
  serverKilled: {
    kind: 'kill',
    apply: ({ redeemer }) => redeemer.killServer(),
  },
  otherAccount: { kind: 'account', apply: ({ scene }) => scene.signIn(users.stranger) },
  otherUser: { kind: 'account', apply: ({ scene }) => scene.signIn(users.colleague) },
  signedOut: { kind: 'account', apply: ({ scene }) => scene.signIn(null) },
  signedIn: { kind: 'return', apply: ({ scene }) => scene.signIn(users.owner) },
  clockMoved: {
    kind: 'clock',
    apply: ({ scene }, value) => scene.moveClock(Math.round((value * 2 - 1) * threeDaysMs)),
  },
  lockRemoved: {
    kind: 'lock',
    apply: ({ scene }) => changeLocks(scene, (path) => rmSync(path, { force: true })),
  },
  lockReplaced: {
    kind: 'lock',
    apply: ({ scene }) => changeLocks(scene, (path) => replaceFile(path, '')),
  },
  lockHolderKilled: {
    kind: 'lock',
    apply: ({ redeemer }) => redeemer.killLockHolder(),
  },
  lockHolderStopped: {
    kind: 'lock',
    apply({ redeemer, stopped }) {
      redeemer.stopLockHolder();
      stopped.add(redeemer);
    },
  },
  answerLost: {
    kind: 'answer',
    apply: ({ scene }, value) => {
      scene.replyToConsume = loseFirst(value, () => ({ delayMs: answerDelayMs }));
    },
  },
  // The backend remains so until the end of the round.
  keyRefused: {
    kind: 'answer',
    apply: ({ scene }, value) => {
      const lost = loseFirst(value, () => ({ status: value < 0.5 ? 400 : 500, body: { detail: 'No' } }));
      let refused: string | undefined;
      scene.replyToConsume = (key, response) =>
        key === (refused ??= key) ? lost(key, response) : { delayMs: answerDelayMs };
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export function faultsOf(kind: FaultKind): FaultName[] {
  return (Object.keys(faults) as FaultName[]).filter((name) => faults[name].kind === kind);
}

/** Loses the answer to the first request, in half of the cases after the request has been carried out. */
function loseFirst(value: number, next: Scene['replyToConsume']): Scene['replyToConsume'] {
  let isFirst = true;
  return (key, response) => {
    if (!isFirst) return next(key, response);
    isFirst = false;
    response.destroy();
    return (value * 4) % 2 < 1 ? undefined : 'handled';
  };
}
