import type { IssuerClient } from '../../backend/issuer/issuer-client.js';
import type { RenewedTokens } from '../../backend/issuer/tokens.js';
import type { Clock } from '../../util/clock.js';
import { createDeferred } from '../../util/deferred.js';
import type { FileLocks, HeldLocks } from '../../util/files/locks/file-lock.js';
import type { Log } from '../../util/log.js';
import { type ChatgptTokens, isLoginOf, tokensKey } from '../credentials.js';
import { type AuthEnvironment, refreshTarget } from '../environment.js';
import { readIdToken } from '../id-token.js';
import { createDueFromStart } from './due-from-start.js';
import { isRefreshable, type RefreshReason } from './refresh-reason.js';
import type { TokenSaver } from './token-saver.js';
import {
  LockHeldError,
  refreshLock,
  refreshSaveWaitMs,
  withLocks,
  withSaveLocks,
} from '../store/save-locks.js';
import type { AuthStore, StoreReplacement } from '../store/store.js';
import { storeProblem } from '../store/store-failure.js';
import type { StoredLoginReader, StoredState } from '../store/login-reader.js';

export interface RefresherOptions {
  readonly codexHome: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly locks: FileLocks;
  readonly issuer: IssuerClient;
  readonly environment: AuthEnvironment;
  /** Returns the configured store. */
  readonly store: () => Promise<AuthStore>;
  readonly reader: StoredLoginReader;
  readonly saver: TokenSaver;
}

export interface Refresher {
  /**
   * Replaces the tokens in the store, unless the store now holds others. Never throws: a failure is logged, and the old
   * tokens stay in use. Refreshes run one at a time; one of the same tokens joins the one in progress, unless it is
   * forced. Resolves as soon as the new tokens are in use, even if they are not saved yet.
   */
  refresh(reason: RefreshReason, tokens: ChatgptTokens): Promise<void>;
  /** Returns whether the issuer has finally refused these tokens. */
  isRefused(tokens: ChatgptTokens): boolean;
  /** Returns whether these tokens, by this clock, were due already when they were issued: then a refresh does not help. */
  isDueFromStart(tokens: ChatgptTokens): boolean;
  /** Saves new tokens soon if that failed before. Call it with each request. */
  retrySave(): void;
  /** Resolves when no refresh is in progress. Its tokens may still have to be saved. */
  settled(): Promise<void>;
  /** Cancels a refresh that has not been sent. Resolves when one that was sent is saved. */
  end(): Promise<void>;
}

/** How long a refresh waits for that of another process: longer than the issuer may take. */
const refreshWaitMs = 60_000;

/** For how long no refresh waits for a lock again after one has waited in vain. */
const heldPauseMs = 30_000;

/**
 * Refreshes the stored tokens (D2, D9, D27).
 *
 * A lock of our own is held from reading the store to saving the tokens: of several processes one asks the issuer, and
 * the others find its tokens. A refresh token can be used once. Before it is sent, the refresh therefore waits for a
 * save that Codex has in progress, and reserves the space for the new tokens on disk. It is not sent if that is in vain.
 */
export function createRefresher(options: RefresherOptions): Refresher {
  const { clock, log, issuer, environment, saver } = options;
  const refused = new Set<string>();
  const dueFromStart = createDueFromStart(options);
  const ending = new AbortController();
  let running: { readonly tokens: ChatgptTokens; readonly done: Promise<void> } | undefined;
  let endHeldPause: (() => void) | undefined;
  /** The problem of the last refresh, if it failed. */
  let problem: string | undefined;

  async function refreshOnce(
    reason: RefreshReason,
    wanted: ChatgptTokens,
    onTried: () => void,
  ): Promise<void> {
    const configured = await options.store();
    const store = (await configured.place?.()) ?? configured;
    if (!(await stateToReplace(store, wanted))) return;
    const wait = { limitMs: refreshWaitMs, signal: ending.signal };
    await withLocks(options, [refreshLock(options.codexHome)], wait, (held) =>
      refreshLocked({ reason, store, wanted, held, onTried }),
    );
  }

  async function refreshLocked({ reason, store, wanted, held, onTried }: LockedRefresh): Promise<void> {
    // A save that is in progress may store other tokens.
    await untilSaved();
    const base = await stateToReplace(store, wanted);
    if (!base) return;
    const replacement = await store.prepare();
    try {
      ending.signal.throwIfAborted();
      held.verify();
      await askIssuer(reason, { tokens: wanted, base, store, replacement, onTried });
    } finally {
      replacement.discard();
    }
  }

  /** @throws LockHeldError if the lock is not released soon */
  function untilSaved(): Promise<void> {
    const wait = { limitMs: refreshSaveWaitMs, signal: ending.signal };
    return withSaveLocks(options, wait, () => undefined);
  }

  /** Returns the state of the store if it can be read, if it has the wanted tokens, and if they may be refreshed. */
  async function stateToReplace(store: AuthStore, wanted: ChatgptTokens): Promise<StoredState | undefined> {
    const state = await options.reader.read(store);
    const { login, text, content } = state;
    const isWhole = content.kind === 'text' && content.text === text;
    if (!isWhole || login.kind !== 'chatgpt' || !isRefreshable(login)) return undefined;
    return isLoginOf(wanted, login) && !refused.has(tokensKey(wanted)) ? state : undefined;
  }

  async function askIssuer(reason: RefreshReason, request: PreparedRefresh): Promise<void> {
    const { tokens, base, store, replacement, onTried } = request;
    const { url, clientId, dropsProvenance } = refreshTarget(environment, tokens.provenance);
    log.debug(`refreshing the tokens: ${reason}`);
    const { refreshToken } = tokens;
    const result = await issuer.refreshTokens({ url, clientId, reason, refreshToken });
    switch (result.kind) {
      case 'renewed': {
        const renewed = withUsableIdToken(result.tokens, log);
        dueFromStart.note(renewed.access_token ?? tokens.accessToken);
        const renewal = { store, base, from: tokens, renewed, dropsProvenance, nowMs: clock.nowMs() };
        return saver.save(renewal, replacement, onTried);
      }
      case 'refused': {
        // The program that used the token may be saving the new one.
        await untilSaved().catch(() => undefined);
        const { login } = await options.reader.read(store);
        if (!isLoginOf(tokens, login)) return;
        log.error(`the tokens can no longer be refreshed (${result.code}); sign in again`);
        refused.add(tokensKey(tokens));
        return;
      }
      case 'failed':
        log.warn(`the tokens could not be refreshed: ${result.reason}`);
    }
  }

  /** Starts a refresh after the one in progress. Resolves as `refresh`. */
  async function refreshAfter(
    others: Promise<void> | undefined,
    reason: RefreshReason,
    tokens: ChatgptTokens,
  ): Promise<void> {
    await others;
    const tried = createDeferred();
    const whole = refreshOnce(reason, tokens, tried.resolve).then(() => {
      problem = undefined;
    }, report);
    await Promise.race([tried.promise, whole]);
  }

  /** Logs why a refresh failed, once for as long as it fails for the same reason: it may last for months. */
  function report(error: unknown): void {
    if (ending.signal.aborted) return;
    const before = problem;
    problem = storeProblem(error);
    if (problem !== before) log.alert(`the tokens were not refreshed: ${problem}`);
    if (!(error instanceof LockHeldError)) return;
    endHeldPause?.();
    endHeldPause = clock.after(heldPauseMs, () => {
      endHeldPause = undefined;
    });
  }

  return {
    refresh(reason, tokens) {
      const before = running;
      if (before && reason !== 'forced' && tokensKey(before.tokens) === tokensKey(tokens)) return before.done;
      if (endHeldPause && reason !== 'forced') return Promise.resolve();
      saver.retry();
      const done = refreshAfter(before?.done, reason, tokens).finally(() => {
        if (running === own) running = undefined;
      });
      const own = { tokens, done };
      running = own;
      return done;
    },
    isRefused: (tokens) => refused.has(tokensKey(tokens)),
    isDueFromStart: dueFromStart.includes,
    retrySave: saver.retry,
    async settled() {
      await running?.done;
    },
    async end() {
      ending.abort();
      await running?.done;
      await saver.end();
      endHeldPause?.();
    },
  };
}

/** Refreshes nothing: requests are sent with the old tokens. */
export const noRefresher: Refresher = {
  refresh: () => Promise.resolve(),
  isRefused: () => false,
  isDueFromStart: () => false,
  retrySave: () => undefined,
  settled: () => Promise.resolve(),
  end: () => Promise.resolve(),
};

interface LockedRefresh {
  readonly reason: RefreshReason;
  readonly store: AuthStore;
  readonly wanted: ChatgptTokens;
  readonly held: HeldLocks;
  readonly onTried: () => void;
}

interface PreparedRefresh {
  readonly tokens: ChatgptTokens;
  readonly base: StoredState;
  readonly store: AuthStore;
  readonly replacement: StoreReplacement;
  readonly onTried: () => void;
}

/** Returns the tokens without an id token that says nothing. The other tokens are needed all the same. */
function withUsableIdToken(renewed: RenewedTokens, log: Log): RenewedTokens {
  const { id_token: idToken } = renewed;
  if (typeof idToken !== 'string' || readIdToken(idToken)) return renewed;
  log.error('the new id token is not a JSON web token; the old one stays');
  return { ...renewed, id_token: undefined };
}
