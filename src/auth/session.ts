import type { Authorization, BackendIdentity } from '../backend/identity.js';
import type { Settings } from '../config/config-toml.js';
import { chatgptBaseUrl } from '../config/provider.js';
import type { Clock } from '../util/clock.js';
import { allowedLogin } from './login-rules.js';
import type { ChatgptTokens, Login } from './credentials.js';
import type { HostTokens } from './host-tokens.js';
import { backendIdentity } from './identity.js';
import type { PersonalAccessTokens } from './personal-access-token.js';
import { dueRefresh, isRefreshable } from './refresh-reason.js';
import type { Refresher } from './refresher.js';
import type { AuthStore } from './store.js';
import type { StoredLoginReader } from './stored-login.js';
import { untilAborted, withinMs } from '../util/waiting.js';

export interface Session {
  /** Who is signed in now. The store is looked at each time, and read again when it has changed; D15. */
  login(): Promise<Login>;
  /**
   * Who asks the backend, with tokens that were refreshed if they were due.
   *
   * @param purpose how the refusal ends where nobody is signed in: `to read rate limits`
   * @throws AppError `authRequired`, `authFileInvalid`, `authStoreUnavailable`, `configInvalid`; the signal's reason
   * once it is aborted
   */
  authorization(purpose: string, signal: AbortSignal): Promise<Authorization>;
  /**
   * Refreshes the tokens: always, or only if they are due. Waits for it, but not for ever; it goes on. Never throws but
   * the signal's reason.
   */
  refresh(when: 'forced' | 'due', signal: AbortSignal): Promise<void>;
  /** Looks at the store for the first time, so that later changes are noticed. Sends nothing. */
  begin(): Promise<void>;
  /** Whether the issuer has refused the tokens of this login for good. */
  isRefused(login: Login): boolean;
  /** Gives up refreshes that have not been sent; resolves when the others are saved. */
  end(): Promise<void>;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly refresher: Refresher;
  readonly personalAccessTokens: PersonalAccessTokens;
  readonly hostTokens: HostTokens;
  /** config.toml's word. @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  readonly store: (settings?: Settings) => Promise<AuthStore>;
  readonly reader: StoredLoginReader;
  /** Called when another program has changed who is signed in, how, or with which plan. */
  readonly onChange: (login: Login) => void;
}

/** How long a request waits for a refresh before it goes out with the old token. */
const duePatienceMs = 8_000;

/** The same for one that the client has asked for: longer than the issuer may take. */
const forcedPatienceMs = 60_000;

/** The login in force: tokens of the client, else a token of the environment, else what is stored. */
export function createSession(options: SessionOptions): Session {
  const { clock, refresher, personalAccessTokens, hostTokens } = options;
  let announced: string | undefined;
  let seen: ChatgptTokens | undefined;
  let latest: { readonly found: Login; readonly settings: Settings; readonly allowed: Login } | undefined;
  let known: { readonly login: Login; readonly identity: BackendIdentity } | undefined;

  async function login(): Promise<Login> {
    // Without a usable config.toml the backend is asked nothing, but who is signed in is still told; D14.
    const settings = await options.settings().catch((): Settings => ({}));
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
    const summary = summaryOf(allowed);
    // What this process has stored is no news to its client.
    if (announced !== undefined && announced !== summary && !isOwn) options.onChange(allowed);
    announced = summary;
    seen = allowed.kind === 'chatgpt' ? (allowed.tokens ?? undefined) : undefined;
    return allowed;
  }

  async function refresh(when: 'forced' | 'due', signal: AbortSignal): Promise<void> {
    const before = seen;
    const now = await login();
    if (now.kind !== 'chatgpt' || !now.tokens) return;
    // Another program has renewed them: those are the new tokens that are asked for.
    const isRenewed =
      before?.accountId === now.tokens.accountId && before.accessToken !== now.tokens.accessToken;
    const isForced = when === 'forced' && isRefreshable(now) && !isRenewed;
    await refreshOf(now, isForced, signal);
  }

  /** Resolves with the login in force then: the same one, unless its tokens were due. */
  async function refreshOf(now: Login, isForced: boolean, signal: AbortSignal): Promise<Login> {
    if (now.kind !== 'chatgpt' || !now.tokens) return now;
    const reason = isForced ? 'forced' : dueRefresh(now, clock.nowMs());
    if (reason === null || isRefused(now) || !(await isConfigUsable())) return now;
    const work = refresher.refresh(reason, now.tokens);
    const patienceMs = reason === 'forced' ? forcedPatienceMs : duePatienceMs;
    await untilAborted(withinMs(clock, patienceMs, work), signal);
    return login();
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
      await refresher.refresh('unauthorized_recovery', now.tokens);
    } else return undefined;
    return renewedIdentity(rejected);
  }

  /** What is stored now, if it is about the same account and has another token; D2. */
  async function renewedIdentity(rejected: BackendIdentity): Promise<BackendIdentity | undefined> {
    const now = await login();
    if (now.kind !== 'chatgpt') return undefined;
    const renewed = backendIdentity(now, '');
    const isOther = renewed.accessToken !== rejected.accessToken && renewed.accountId === rejected.accountId;
    // An account may have several people; a request is not repeated for somebody else.
    const isSomebodyElse = renewed.userId !== rejected.userId;
    return isOther && !isSomebodyElse ? renewed : undefined;
  }

  /** The same one for as long as the login stays the same. */
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
      const { login: stored } = await options.reader.read(await options.store());
      if (!personalAccessTokens.isInEnvironment && stored.kind !== 'personalAccessToken') await login();
    },
    async authorization(purpose, signal) {
      const now = await login();
      const asked = identityOf(now, purpose);
      const refreshed = await refreshOf(now, false, signal);
      const identity = refreshed === now ? asked : identityOf(refreshed, purpose);
      // Last of all: config.toml may have changed while the login was looked up or its tokens renewed.
      const baseUrl = chatgptBaseUrl(await options.settings());
      return { identity, baseUrl, renew: () => renew(identity) };
    },
    isRefused,
    end: () => refresher.end(),
  };
}

/** What makes a login another one in the eyes of a client. */
function summaryOf(login: Login): string {
  if (login.kind !== 'chatgpt') return login.kind === 'apiKey' ? 'apiKey' : 'none';
  const { source, tokens } = login;
  return JSON.stringify([source, tokens?.accountId, tokens?.claims.planType]);
}
