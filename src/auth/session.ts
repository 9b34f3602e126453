import type { Authorization, BackendIdentity } from '../backend/request/identity.js';
import type { Settings } from '../config/settings.js';
import { usableSettings } from '../config/invalid-config.js';
import { chatgptBaseUrl } from '../config/provider.js';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import { allowedLogin, refusedByAdministrator } from './login-rules.js';
import type { ChatgptTokens, Login } from './credentials.js';
import type { HostTokens } from './tokens/client-tokens.js';
import { backendIdentity, type KnownAccount, knownAccount } from './backend-identity.js';
import type { PersonalAccessTokens } from './tokens/personal-access-token.js';
import { dueRefresh, isRefreshable } from './tokens/refresh-reason.js';
import type { Refresher } from './tokens/refresher.js';
import type { AuthStore } from './store/store.js';
import type { StoredLoginReader } from './store/login-reader.js';
import { untilAborted, withinMs } from '../util/waiting.js';

export interface Session {
  /** Returns the login in use. Each call checks the store, and reads it again if it has changed (D15). */
  login(): Promise<Login>;
  /**
   * Returns the login for a backend request. Its tokens are refreshed first if they are due.
   *
   * @param purpose the end of the error message if no account is signed in: `to read rate limits`
   * @throws AppError `authRequired`, `authFileInvalid`, `authStoreUnavailable`, `configInvalid`; the signal's reason
   * once it is aborted
   */
  authorization(purpose: string, signal: AbortSignal): Promise<Authorization>;
  /**
   * Returns the account of the login as far as it is known without a request: undefined for a personal access token,
   * and for a login that does not name its account and its user.
   *
   * @throws as `authorization`
   */
  knownAccount(purpose: string): Promise<KnownAccount | undefined>;
  /**
   * Refreshes the tokens: always, or only if they are due. Waits a limited time; the refresh itself goes on.
   * @throws only the signal's reason once it is aborted
   */
  refresh(when: 'forced' | 'due', signal: AbortSignal): Promise<void>;
  /** Reads the store for the first time, so that later changes are noticed. Sends nothing. */
  begin(): Promise<void>;
  /** Returns whether the issuer has finally refused the tokens of this login. */
  isRefused(login: Login): boolean;
  /** Cancels a refresh that has not been sent. Resolves when one that was sent is saved. */
  end(): Promise<void>;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly refresher: Refresher;
  readonly personalAccessTokens: PersonalAccessTokens;
  readonly hostTokens: HostTokens;
  /** Reads the settings. @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  readonly store: (settings?: Settings) => Promise<AuthStore>;
  readonly reader: StoredLoginReader;
  /** Called when another program has changed who is signed in, how, or with which plan. */
  readonly onChange: (login: Login) => void;
}

/** How long requests wait for a refresh before they are sent with the old token. */
const dueWaitLimitMs = 8_000;

/** How long a refresh that the client asked for is waited for: longer than the issuer may take. */
const forcedWaitLimitMs = 60_000;

/** Uses the tokens of the client; without them the token of the environment, and without that the stored login. */
export function createSession(options: SessionOptions): Session {
  const { clock, refresher, personalAccessTokens, hostTokens } = options;
  let announced: string | undefined;
  let seen: ChatgptTokens | undefined;
  let latest: { readonly found: Login; readonly settings: Settings; readonly allowed: Login } | undefined;
  let waiting: { readonly work: Promise<void>; readonly end: Promise<void> } | undefined;
  let known: { readonly login: Login; readonly identity: BackendIdentity } | undefined;

  async function login(): Promise<Login> {
    const settings = await usableSettings(options.settings);
    const fromHost = hostTokens.login();
    if (fromHost) return allowedLogin(fromHost, settings);
    const fromEnvironment = await personalAccessTokens.fromEnvironment();
    if (fromEnvironment) return allowedLogin(fromEnvironment, settings);
    const { login: stored, isOwn } = await options.reader.read(await options.store(settings));
    const found =
      stored.kind === 'personalAccessToken' ? await personalAccessTokens.login(stored.token) : stored;
    if (latest?.found === found && latest.settings === settings) return latest.allowed;
    const allowed = allowedLogin(found, settings);
    latest = { found, settings, allowed };
    const refusal = refusedByAdministrator(found, settings);
    if (refusal !== undefined) options.log.error(refusal);
    const summary = summaryOf(allowed);
    // The client already knows of a login that this process has stored.
    if (announced !== undefined && announced !== summary && !isOwn) options.onChange(allowed);
    announced = summary;
    seen = allowed.kind === 'chatgpt' ? (allowed.tokens ?? undefined) : undefined;
    return allowed;
  }

  async function refresh(when: 'forced' | 'due', signal: AbortSignal): Promise<void> {
    const before = seen;
    const now = await login();
    if (now.kind !== 'chatgpt' || !now.tokens) return;
    // If another program has renewed the tokens, there are new ones already.
    const isRenewed =
      before?.accountId === now.tokens.accountId && before.accessToken !== now.tokens.accessToken;
    const isForced = when === 'forced' && isRefreshable(now) && !isRenewed;
    await refreshOf(now, isForced, signal);
  }

  /** Resolves with the login after the refresh: the same one, unless its tokens were due. */
  async function refreshOf(now: Login, isForced: boolean, signal: AbortSignal): Promise<Login> {
    if (now.kind !== 'chatgpt' || !now.tokens) return now;
    const reason = isForced ? 'forced' : dueRefresh(now, clock.nowMs());
    if (reason === null || isRefused(now) || !(await isConfigUsable())) return now;
    const work = refresher.refresh(reason, now.tokens);
    await untilAborted(isForced ? withinMs(clock, forcedWaitLimitMs, work) : dueWait(work), signal);
    return login();
  }

  /** Waits for a refresh that requests share. Its time limit begins with the first one, and holds for all of them. */
  function dueWait(work: Promise<void>): Promise<void> {
    if (waiting?.work !== work) waiting = { work, end: withinMs(clock, dueWaitLimitMs, work) };
    return waiting.end;
  }

  /** Returns whether only the issuer knows the account of the login. */
  async function isPersonal(): Promise<boolean> {
    if (hostTokens.login()) return false;
    if (personalAccessTokens.isInEnvironment) return true;
    const { login: stored } = await options.reader.read(await options.store());
    return stored.kind === 'personalAccessToken';
  }

  async function isConfigUsable(): Promise<boolean> {
    return options.settings().then(
      () => true,
      () => false,
    );
  }

  async function renew(rejected: BackendIdentity): Promise<BackendIdentity | undefined> {
    const found = await renewedIdentity(rejected);
    if (found) return found;
    const now = await login();
    if (now.kind !== 'chatgpt' || now.tokens?.accountId !== rejected.accountId) return undefined;
    if (now.tokens.claims.userId !== rejected.userId) return undefined;
    if (now.source === 'host') await hostTokens.refresh();
    else if (isRefreshable(now) && !isRefused(now) && (await isConfigUsable())) {
      await dueWait(refresher.refresh('unauthorized_recovery', now.tokens));
    } else return undefined;
    return renewedIdentity(rejected);
  }

  /** Returns the identity of the login in use, if it has another token for the same account (D2). */
  async function renewedIdentity(rejected: BackendIdentity): Promise<BackendIdentity | undefined> {
    const now = await login();
    if (now.kind !== 'chatgpt') return undefined;
    const renewed = backendIdentity(now, '');
    const isOther = renewed.accessToken !== rejected.accessToken && renewed.accountId === rejected.accountId;
    // An account may have several users; a request is not repeated as another one.
    const isOtherUser = renewed.userId !== rejected.userId;
    return isOther && !isOtherUser ? renewed : undefined;
  }

  /** Returns the same object for as long as the login stays the same. */
  function identityOf(now: Login, purpose: string): BackendIdentity {
    if (known?.login !== now) known = { login: now, identity: backendIdentity(now, purpose) };
    return known.identity;
  }

  function isRefused(now: Login): boolean {
    return (
      now.kind === 'chatgpt' &&
      now.source === 'stored' &&
      now.tokens !== null &&
      refresher.isRefused(now.tokens)
    );
  }

  return {
    login,
    refresh,
    async begin() {
      if (!(await isPersonal())) await login();
    },
    async knownAccount(purpose) {
      if (await isPersonal()) return undefined;
      const identity = identityOf(await login(), purpose);
      return knownAccount(identity, chatgptBaseUrl(await options.settings()));
    },
    async authorization(purpose, signal) {
      refresher.retrySave();
      const now = await login();
      const asked = identityOf(now, purpose);
      const refreshed = await refreshOf(now, false, signal);
      const identity = refreshed === now ? asked : identityOf(refreshed, purpose);
      // Read last: the settings may have changed while the login was read or refreshed.
      const baseUrl = chatgptBaseUrl(await options.settings());
      return { identity, baseUrl, renew: () => renew(identity) };
    },
    isRefused,
    end: () => refresher.end(),
  };
}

/** Returns the parts of a login whose change is reported to the client. */
function summaryOf(login: Login): string {
  if (login.kind !== 'chatgpt') return login.kind === 'apiKey' ? 'apiKey' : 'none';
  const { source, tokens } = login;
  return JSON.stringify([source, tokens?.accountId, tokens?.claims.planType]);
}
