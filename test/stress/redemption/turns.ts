import { setTimeout as pause } from 'node:timers/promises';

/** Two processes that go on in turns. */
export interface Turns {
  begin(process: 0 | 1): void;
  /** Lets the other process go on, and resolves at its next turn or end; after a while too, if it is blocked. */
  pass(process: 0 | 1): Promise<void>;
  /** Resolves when this process passes or ends. */
  next(process: 0 | 1): Promise<void>;
  end(process: 0 | 1): void;
}

const blockedLimitMs = 250;

export function createTurns(): Turns {
  const sides = [createSide(), createSide()] as const;

  return {
    begin(process) {
      sides[process].hasEnded = false;
    },
    async pass(process) {
      wake(sides[process]);
      await Promise.race([next(process === 0 ? 1 : 0), pause(blockedLimitMs)]);
    },
    next,
    end(process) {
      sides[process].hasEnded = true;
      wake(sides[process]);
    },
  };

  function next(process: 0 | 1): Promise<void> {
    const side = sides[process];
    return side.hasEnded ? Promise.resolve() : new Promise((resolve) => side.waiting.push(resolve));
  }
}

interface Side {
  hasEnded: boolean;
  readonly waiting: (() => void)[];
}

function createSide(): Side {
  return { hasEnded: false, waiting: [] };
}

function wake({ waiting }: Side): void {
  for (const resolve of waiting.splice(0)) resolve();
}
