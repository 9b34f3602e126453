import { createDeferred } from '../../util/deferred.js';
import type { Log } from '../../util/log.js';
import { withinMs } from '../../util/waiting.js';
import type { StoredLoginReader, StoredState } from '../store/login-reader.js';
import {
  refreshSaveWaitMs,
  LockHeldError,
  type SaveLocksOptions,
  withSaveLocks,
} from '../store/save-locks.js';
import { storeProblem } from '../store/store-failure.js';
import type { StoreReplacement } from '../store/store.js';
import { createRenewalView, type Renewal, renewedText } from './renewal.js';

/** Saves the tokens that the issuer has sent, which exist only here until then. */
export interface TokenSaver {
  /**
   * Uses the new tokens from now on, and saves them. If that fails, it is tried again until it succeeds, until the store
   * holds another login or newer tokens, or until `end`.
   *
   * @param replacement the first attempt uses it
   * @param onTried called after the first attempt
   * @returns resolves when nothing is left to save, or after `end`
   */
  save(renewal: Renewal, replacement: StoreReplacement, onTried: () => void): Promise<void>;
  /** Tries again soon if the store does not hold the newest tokens. */
  retry(): void;
  /** Returns the state with the newest tokens, saved or not. */
  view(state: StoredState): StoredState;
  /** Tries a last time, if something is left to save. Resolves when that is done. */
  end(): Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

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
    let problem = await problemOfSave(renewal, replacement);
    replacement?.discard();
    onTried();
    if (problem === undefined) return;
    log.error(`the new tokens cannot be saved yet: ${problem}; they are in use, and saving is tried again`);
    for (let pauseMs = firstPauseMs; problem !== undefined; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (!isEnding) await withinMs(clock, pauseMs, wake.promise);
      wake = createDeferred();
      const isLast = isEnding;
      problem = await problemOfSave(renewal);
      if (isLast && problem !== undefined) {
        log.error(`the new tokens are lost: ${problem}; sign in again`);
        return;
      }
    }
    log.info('the new tokens are saved');
  }

  /** Saves the tokens, unless others are stored. Resolves with the reason if that fails. */
  async function problemOfSave(
    renewal: Renewal,
    replacement?: StoreReplacement,
  ): Promise<string | undefined> {
    const { store } = renewal;
    const work = async (): Promise<string | undefined> => {
      const state = await reader.read(store);
      if (state.login.kind === 'invalid') return state.login.reason;
      const text = renewedText(renewal, state);
      if (text === undefined) return undefined;
      reader.expectOwn(text);
      if (replacement) await replacement.commit(text).catch(() => store.save(text));
      else await store.save(text);
      await reader.read(store);
      return undefined;
    };
    try {
      return await withSaveLocks(options, { limitMs: refreshSaveWaitMs, isBestEffort: true }, work);
    } catch (error) {
      if (!(error instanceof LockHeldError)) return storeProblem(error);
      // The holder hangs, and nothing else has the tokens. The replacement is atomic.
      if (replacement) log.error(`${error.message}: the new tokens are saved without it`);
      return work().catch(storeProblem);
    }
  }

  function start(...args: Parameters<typeof untilSaved>): Promise<void> {
    // A request before the first attempt does not shorten the pause after it.
    wake = createDeferred();
    running = untilSaved(...args).finally(() => {
      running = undefined;
    });
    return running;
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
    async end() {
      isEnding = true;
      wake.resolve(undefined);
      await running;
    },
  };
}
