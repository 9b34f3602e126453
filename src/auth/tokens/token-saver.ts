import { createDeferred } from '../../util/deferred.js';
import type { Log } from '../../util/log.js';
import { isInUseCode } from '../../util/files/in-use.js';
import { withinMs } from '../../util/waiting.js';
import type { StoredLoginReader, StoredState } from '../store/login-reader.js';
import {
  refreshSaveWaitMs,
  LockHeldError,
  type SaveLocksOptions,
  withSaveLocks,
} from '../store/save-locks.js';
import { storeProblem } from '../store/store-failure.js';
import type { AuthStore, StoreReplacement } from '../store/store.js';
import { createRenewalView, type Renewal, renewedText } from './renewal.js';

/** Saves the tokens that the issuer has sent, which exist only here until then. */
export interface TokenSaver {
  /**
   * Uses the new tokens from now on, and saves them. If that fails, it is tried again until it succeeds, until the store
   * holds another login or newer tokens, until `drop`, or until `end`.
   *
   * @param replacement the first attempt uses it
   * @param onTried called after the first attempt
   * @returns resolves when nothing is left to save, or after `end`
   */
  save(renewal: Renewal, replacement: StoreReplacement, onTried: () => void): Promise<void>;
  /** Tries again soon if the store does not hold the newest tokens. */
  retry(): void;
  /** Drops the new tokens. Call it after this process has stored another login, or has removed the login. */
  drop(): void;
  /** Returns the state with the newest tokens, saved or not. */
  view(state: StoredState): StoredState;
  /** Resolves when nothing is being saved. */
  settled(): Promise<void>;
  /** Reads the store, and tries a last time if something is left to save. Resolves when that is done. */
  end(): Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** `replaced`: another login or newer tokens have been stored, or this process has removed the login. */
type Outcome = 'saved' | 'replaced' | { readonly problem: string };

export function createTokenSaver(
  options: SaveLocksOptions & { log: Log; reader: StoredLoginReader },
): TokenSaver {
  const { clock, log, reader } = options;
  let view = (state: StoredState): StoredState => state;
  /** The newest tokens, for as long as the store may fall back to those that they renew. */
  let kept: Renewal | undefined;
  let isBehind = false;
  let running: Promise<void> | undefined;
  let wake = createDeferred<undefined>();
  let isEnding = false;

  async function untilSaved(
    renewal: Renewal,
    replacement?: StoreReplacement,
    onTried = (): void => undefined,
  ): Promise<void> {
    let outcome = await trySave(renewal, replacement);
    replacement?.discard();
    onTried();
    if (typeof outcome === 'string') return;
    log.alert(`the new tokens cannot be saved yet: ${outcome.problem}; saving is tried again`);
    for (let pauseMs = firstPauseMs; typeof outcome !== 'string'; pauseMs = nextPauseMs(pauseMs)) {
      if (!isEnding) await withinMs(clock, pauseMs, wake.promise);
      wake = createDeferred();
      const isLast = isEnding;
      outcome = await trySave(renewal);
      if (isLast && typeof outcome !== 'string') {
        log.alert(`the new tokens are lost: ${outcome.problem}; sign in again`);
        kept = undefined;
        return;
      }
    }
    log.info(`the new tokens are ${outcome === 'saved' ? 'saved' : 'no longer needed'}`);
  }

  async function trySave(renewal: Renewal, replacement?: StoreReplacement): Promise<Outcome> {
    const { store } = renewal;
    const work = async (): Promise<Outcome> => {
      if (kept !== renewal) return 'replaced';
      const state = await reader.read(store);
      if (state.login.kind === 'invalid') return { problem: state.login.reason };
      // The folder may have been unmounted for a moment.
      if (state.content.kind === 'absent') return { problem: 'no login is stored' };
      const text = renewedText(renewal, state);
      if (text === undefined) return 'replaced';
      reader.expectOwn(text);
      await (replacement ? commitOrSave(store, replacement, text) : store.save(text));
      await reader.read(store);
      return 'saved';
    };
    try {
      return await withSaveLocks(options, { limitMs: refreshSaveWaitMs, isBestEffort: true }, work);
    } catch (error) {
      if (!(error instanceof LockHeldError)) return failed(error);
      // The holder hangs, and nothing else has the tokens. The replacement is atomic.
      if (replacement) log.error(`${error.message}: the new tokens are saved without it`);
      return work().catch(failed);
    }
  }

  function start(...args: Parameters<typeof untilSaved>): Promise<void> {
    // A request before the first attempt does not shorten the pause after it.
    wake = createDeferred();
    const own = untilSaved(...args).finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  }

  return {
    save(renewal, replacement, onTried) {
      kept = renewal;
      view = createRenewalView(renewal);
      return start(renewal, replacement, onTried);
    },
    retry() {
      wake.resolve(undefined);
      // A program that hung during a save may have stored the old tokens again.
      if (!running && kept && isBehind) void start(kept);
    },
    view(state) {
      const shown = view(state);
      isBehind = shown !== state;
      return shown;
    },
    drop() {
      kept = undefined;
      view = (state) => state;
      wake.resolve(undefined);
    },
    async settled() {
      await running;
    },
    async end() {
      isEnding = true;
      wake.resolve(undefined);
      await running;
      // No request may have come since a program that hung has stored the old tokens again.
      if (kept && renewedText(kept, await reader.read(kept.store)) !== undefined) await start(kept);
    },
  };
}

/** Saves in another way if the replacement fails, except if it has already waited for another program to close the file. */
async function commitOrSave(store: AuthStore, replacement: StoreReplacement, text: string): Promise<void> {
  try {
    await replacement.commit(text);
  } catch (error) {
    if (isInUseCode((error as NodeJS.ErrnoException).code)) throw error;
    await store.save(text);
  }
}

function nextPauseMs(pauseMs: number): number {
  return Math.min(2 * pauseMs, longestPauseMs);
}

function failed(error: unknown): Outcome {
  return { problem: storeProblem(error) };
}
