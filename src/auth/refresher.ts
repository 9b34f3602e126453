import { join } from 'node:path';
import type { IssuerClient } from '../backend/issuer-client.js';
import type { RenewedTokens } from '../backend/issuer.js';
import type { Clock } from '../util/clock.js';
import type { FileLocks } from '../util/file-lock.js';
import type { Log } from '../util/log.js';
import { refreshedDocument } from './auth-document.js';
import type { ChatgptTokens } from './credentials.js';
import { type AuthEnvironment, refreshTarget } from './environment.js';
import { readIdToken } from './id-token.js';
import { isRefreshable, type RefreshReason } from './refresh-reason.js';
import { saveLocks } from './save-locks.js';
import type { AuthStore, StoreReplacement } from './store.js';
import type { StoredLoginReader } from './stored-login.js';

export interface RefresherOptions {
  readonly codexHome: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly locks: FileLocks;
  readonly issuer: IssuerClient;
  readonly environment: AuthEnvironment;
  /** The store that is configured. */
  readonly store: () => Promise<AuthStore>;
  readonly reader: StoredLoginReader;
}

export interface Refresher {
  /**
   * Replaces the tokens in the store, unless others are there by now. It never throws: what fails is logged, and the
   * old tokens go on. One refresh at a time; only a forced one does not join the one under way.
   */
  refresh(reason: RefreshReason, tokens: ChatgptTokens): Promise<void>;
  /** Whether the issuer has refused these tokens for good. */
  isRefused(tokens: ChatgptTokens): boolean;
  /** Resolves when no refresh is under way. */
  idle(): Promise<void>;
}

/**
 * Refreshes the stored tokens; auth.md 5 with D2 and D9.
 *
 * A lock of our own is held from reading the store to saving the tokens, so that of several processes one asks the
 * issuer and the others find its tokens. A refresh token is used up once it is sent: before that, the place for its
 * successor is taken on the disk.
 */
export function createRefresher(options: RefresherOptions): Refresher {
  const { clock, log, locks, issuer, environment } = options;
  const refreshLock = { path: join(options.codexHome, 'auth.refresh.lock'), mode: 0o600 };
  const refused = new Set<string>();
  let running: Promise<void> | undefined;

  async function refreshOnce(reason: RefreshReason, wanted: ChatgptTokens): Promise<void> {
    const store = await options.store();
    if (!(await tokensToReplace(store, wanted))) return;
    await locks.hold([refreshLock], async () => {
      const found = await tokensToReplace(store, wanted);
      if (!found) return;
      const replacement = await store.prepare();
      try {
        await askIssuer(reason, { ...found, store, replacement });
      } finally {
        replacement.discard();
      }
    });
  }

  /** What the store holds, as long as it is what is to be replaced and may be. */
  async function tokensToReplace(store: AuthStore, wanted: ChatgptTokens): Promise<Found | undefined> {
    const { login, text } = await options.reader.read(store);
    if (login.kind !== 'chatgpt' || !isRefreshable(login) || !login.tokens || text === undefined) return;
    if (!isSame(login.tokens, wanted) || refused.has(wanted.refreshToken)) return;
    return { tokens: login.tokens, text };
  }

  async function askIssuer(reason: RefreshReason, place: Place): Promise<void> {
    const { tokens, store } = place;
    const { url, clientId, dropsProvenance } = refreshTarget(environment, tokens.provenance);
    log.debug(`refreshing the tokens: ${reason}`);
    const { refreshToken } = tokens;
    const result = await issuer.refreshTokens({ url, clientId, reason, refreshToken });
    await locks.hold(saveLocks(options.codexHome), async () => {
      const now = await options.reader.read(store);
      const isUnchanged =
        now.login.kind === 'chatgpt' && now.login.tokens !== null && isSame(now.login.tokens, tokens);
      // Another program has stored a login meanwhile: a winner's tokens, or somebody else's.
      if (!isUnchanged || now.text === undefined) return;
      if (result.kind === 'renewed')
        await save(place, { renewed: result.tokens, text: now.text, dropsProvenance });
      if (result.kind === 'failed') log.warn(`the tokens could not be refreshed: ${result.reason}`);
      if (result.kind !== 'refused') return;
      log.error(`the tokens can no longer be refreshed (${result.code}); sign in again`);
      refused.add(refreshToken);
    });
  }

  async function save({ store, replacement }: Place, saved: Saved): Promise<void> {
    if (typeof saved.renewed.id_token === 'string' && !readIdToken(saved.renewed.id_token)) {
      log.error('the tokens could not be refreshed: the id token is no JSON web token');
      return;
    }
    const text = refreshedDocument({ ...saved, nowMs: clock.nowMs() });
    options.reader.expectOwn(text);
    await replacement.commit(text);
    await options.reader.read(store);
  }

  return {
    refresh(reason, tokens) {
      if (running && reason !== 'forced') return running;
      const before = running ?? Promise.resolve();
      const own = before
        .then(() => refreshOnce(reason, tokens))
        .catch((error: unknown) => {
          log.error(`the tokens were not refreshed: ${reasonOf(error)}`);
        })
        .finally(() => {
          if (running === own) running = undefined;
        });
      running = own;
      return own;
    },
    isRefused: ({ refreshToken }) => refused.has(refreshToken),
    idle: () => running ?? Promise.resolve(),
  };
}

interface Found {
  readonly tokens: ChatgptTokens;
  readonly text: string;
}

interface Place extends Found {
  readonly store: AuthStore;
  readonly replacement: StoreReplacement;
}

interface Saved {
  readonly text: string;
  readonly renewed: RenewedTokens;
  readonly dropsProvenance: boolean;
}

function isSame(one: ChatgptTokens, other: ChatgptTokens): boolean {
  return (
    one.accountId === other.accountId &&
    one.accessToken === other.accessToken &&
    one.refreshToken === other.refreshToken
  );
}

/** Texts of errors from elsewhere may hold anything; the code of one of the file system does not. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return code
    ? `auth.json cannot be replaced (${code})`
    : error.name === 'KeyringError'
      ? error.message
      : error.name;
}
