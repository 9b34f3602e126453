import { dirname, join } from 'node:path';
import type { IssuerClient } from '../../backend/issuer/issuer-client.js';
import type { RenewedTokens } from '../../backend/issuer/tokens.js';
import type { Clock } from '../../util/clock.js';
import { resolveLinks } from '../../util/files/atomic-file.js';
import type { FileLocks } from '../../util/files/file-lock.js';
import type { Log } from '../../util/log.js';
import { refreshedDocument } from '../store/auth-document.js';
import type { ChatgptTokens } from '../credentials.js';
import { type AuthEnvironment, refreshTarget } from '../environment.js';
import { readIdToken } from '../id-token.js';
import { isRefreshable, type RefreshReason } from './refresh-reason.js';
import { saveLocks, untilSaved } from '../store/save-locks.js';
import type { AuthStore, StoreReplacement } from '../store/store.js';
import type { StoredLoginReader } from '../store/login-reader.js';

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
}

export interface Refresher {
  /**
   * Replaces the tokens in the store, unless the store now holds others. Never throws: a failure is logged, and the old
   * tokens stay in use. Refreshes run one at a time; one of the same tokens joins the one in progress, unless it is
   * forced.
   */
  refresh(reason: RefreshReason, tokens: ChatgptTokens): Promise<void>;
  /** Returns whether the issuer has finally refused these tokens. */
  isRefused(tokens: ChatgptTokens): boolean;
  /** Cancels a refresh that has not been sent. Resolves when one that was sent is saved. */
  end(): Promise<void>;
}

/**
 * Refreshes the stored tokens (D2, D9).
 *
 * A lock of our own is held from reading the store to saving the tokens: of several processes one asks the issuer, and
 * the others find its tokens. A refresh token can be used once. Before it is sent, the refresh therefore waits for a
 * save that Codex has in progress, and reserves the space for the new tokens on disk.
 */
export function createRefresher(options: RefresherOptions): Refresher {
  const { clock, log, locks, issuer, environment } = options;
  const refused = new Set<string>();
  const ending = new AbortController();
  let running: { readonly tokens: ChatgptTokens; readonly done: Promise<void> } | undefined;

  async function refreshOnce(reason: RefreshReason, wanted: ChatgptTokens): Promise<void> {
    const store = await options.store();
    if (!(await tokensToReplace(store, wanted))) return;
    const { signal } = ending;
    await locks.hold([refreshLock(options.codexHome)], () => refreshLocked(reason, store, wanted), {
      signal,
    });
  }

  async function refreshLocked(
    reason: RefreshReason,
    store: AuthStore,
    wanted: ChatgptTokens,
  ): Promise<void> {
    // That save may have stored other tokens.
    await untilSaved(options, ending.signal);
    const tokens = await tokensToReplace(store, wanted);
    if (!tokens) return;
    const replacement = await store.prepare();
    try {
      ending.signal.throwIfAborted();
      await askIssuer(reason, { tokens, store, replacement });
    } finally {
      replacement.discard();
    }
  }

  /** Returns the tokens in the store if it can be read, if they are the wanted ones, and if they may be refreshed. */
  async function tokensToReplace(
    store: AuthStore,
    wanted: ChatgptTokens,
  ): Promise<ChatgptTokens | undefined> {
    const { login, text, content } = await options.reader.read(store);
    const isWhole = content.kind === 'text' && content.text === text;
    if (!isWhole || login.kind !== 'chatgpt' || !isRefreshable(login) || !login.tokens) return undefined;
    if (!isSame(login.tokens, wanted) || refused.has(keyOf(wanted))) return undefined;
    return login.tokens;
  }

  async function askIssuer(reason: RefreshReason, place: Place): Promise<void> {
    const { tokens, store } = place;
    const { url, clientId, dropsProvenance } = refreshTarget(environment, tokens.provenance);
    log.debug(`refreshing the tokens: ${reason}`);
    const { refreshToken } = tokens;
    const result = await issuer.refreshTokens({ url, clientId, reason, refreshToken });
    switch (result.kind) {
      case 'renewed': {
        const finish = async (): Promise<void> => {
          const text = await textWith(store, tokens);
          if (text !== undefined) await save(place, { renewed: result.tokens, text, dropsProvenance });
        };
        // The new tokens exist only here: they are saved even without the lock.
        return locks.hold(saveLocks(options.codexHome), finish, { isBestEffort: true });
      }
      case 'refused':
        // The program that used the token may be saving the new one.
        await untilSaved(options, ending.signal);
        if ((await textWith(store, tokens)) === undefined) return;
        log.error(`the tokens can no longer be refreshed (${result.code}); sign in again`);
        refused.add(keyOf(tokens));
        return;
      case 'failed':
        log.warn(`the tokens could not be refreshed: ${result.reason}`);
    }
  }

  /** Returns the stored text, unless another program has stored other tokens or another login meanwhile. */
  async function textWith(store: AuthStore, tokens: ChatgptTokens): Promise<string | undefined> {
    const { login, text } = await options.reader.read(store);
    const isThere = login.kind === 'chatgpt' && login.tokens !== null && isSame(login.tokens, tokens);
    return isThere ? text : undefined;
  }

  async function save({ store, replacement }: Place, saved: Saved): Promise<void> {
    if (typeof saved.renewed.id_token === 'string' && !readIdToken(saved.renewed.id_token)) {
      log.error('the tokens could not be refreshed: the id token is not a JSON web token');
      return;
    }
    const text = refreshedDocument({ ...saved, nowMs: clock.nowMs() });
    options.reader.expectOwn(text);
    await replacement.commit(text);
    await options.reader.read(store);
  }

  return {
    refresh(reason, tokens) {
      const before = running;
      if (before && reason !== 'forced' && isSame(before.tokens, tokens)) return before.done;
      const own = { tokens, done: afterOthers(before?.done) };
      running = own;
      return own.done;

      async function afterOthers(others: Promise<void> | undefined): Promise<void> {
        await others;
        try {
          await refreshOnce(reason, tokens);
        } catch (error) {
          if (!ending.signal.aborted) log.error(`the tokens were not refreshed: ${reasonOf(error)}`);
        } finally {
          if (running === own) running = undefined;
        }
      }
    },
    isRefused: (tokens) => refused.has(keyOf(tokens)),
    async end() {
      ending.abort();
      await running?.done;
    },
  };
}

/** Refreshes nothing: requests are sent with the old tokens. */
export const noRefresher: Refresher = {
  refresh: () => Promise.resolve(),
  isRefused: () => false,
  end: () => Promise.resolve(),
};

/** Returns the lock next to the file itself: a CODEX_HOME may have a link to the auth.json of another. */
function refreshLock(codexHome: string): string {
  return join(dirname(resolveLinks(join(codexHome, 'auth.json'))), 'auth.refresh.lock');
}

interface Place {
  readonly tokens: ChatgptTokens;
  readonly store: AuthStore;
  readonly replacement: StoreReplacement;
}

interface Saved {
  readonly text: string;
  readonly renewed: RenewedTokens;
  readonly dropsProvenance: boolean;
}

function isSame(one: ChatgptTokens, other: ChatgptTokens): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ accountId, accessToken, refreshToken }: ChatgptTokens): string {
  return JSON.stringify([accountId, accessToken, refreshToken]);
}

/** Returns a text that is safe to log: the messages of errors from elsewhere may hold anything. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return code
    ? `auth.json cannot be replaced (${code})`
    : error.name === 'KeyringError'
      ? error.message
      : error.name;
}
