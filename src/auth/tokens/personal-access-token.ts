import type { IssuerClient } from '../../backend/issuer/issuer-client.js';
import type { WireWhoami } from '../../backend/issuer/wire-issuer.js';
import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import { AppError } from '../../util/errors.js';
import type { ChatgptLogin, Login } from '../credentials.js';
import { type AuthEnvironment, whoamiUrl } from '../environment.js';

/** The logins of personal access tokens. Their issuer is asked for the account until it has answered. */
export interface PersonalAccessTokens {
  /** Returns the login of CODEX_ACCESS_TOKEN, which takes precedence over the store; undefined if that is blank. */
  fromEnvironment(): Promise<Login> | undefined;
  readonly isInEnvironment: boolean;
  /**
   * Returns the login of a token. If the issuer does not recognise the token, logs why, once, and returns none. A token
   * that the issuer has refused is not sent to it again.
   */
  login(token: string): Promise<Login>;
  /** As `login`, without the log. @throws AppError `loginFailed` with the reason, in the words of Codex */
  check(token: string): Promise<ChatgptLogin>;
  /** As `check`, for the token of the environment; undefined if that is not a personal access token. */
  checkEnvironment(): Promise<ChatgptLogin> | undefined;
}

/** Shorter than the time limit of a request. */
const slowFailureMs = 1_000;

const personalPrefix = 'at-';

export function isPersonalAccessToken(token: string): boolean {
  return token.startsWith(personalPrefix);
}

/** The log line for a CODEX_ACCESS_TOKEN of another kind. */
export const notPersonal =
  'CODEX_ACCESS_TOKEN is not a personal access token (at-…): while it is set, the account counts as signed out';

export function createPersonalAccessTokens(options: {
  environment: AuthEnvironment;
  issuer: IssuerClient;
  clock: Clock;
  log: Log;
}): PersonalAccessTokens {
  const { environment, issuer, clock, log } = options;
  const asked = new Map<string, Promise<ChatgptLogin>>();
  const refused = new Set<string>();
  let reported: string | undefined;

  async function ask(token: string): Promise<ChatgptLogin> {
    const result = await issuer.readWhoami(whoamiUrl(environment), token);
    if (result.kind === 'found') return loginOf(token, result.owner);
    if (result.kind === 'refused') refused.add(token);
    throw new AppError('loginFailed', result.reason);
  }

  function check(token: string): Promise<ChatgptLogin> {
    const known = asked.get(token);
    if (known) return known;
    const askedAtMs = clock.monotonicMs();
    const asking = ask(token);
    asked.set(token, asking);
    asking.catch(() => {
      if (refused.has(token)) return;
      const forget = (): void => {
        if (asked.get(token) === asking) asked.delete(token);
      };
      // A slow failure is also the answer to further reads of the same request.
      if (clock.monotonicMs() - askedAtMs < slowFailureMs) forget();
      else clock.after(slowFailureMs, forget);
    });
    return asking;
  }

  async function login(token: string): Promise<Login> {
    try {
      const found = await check(token);
      reported = undefined;
      return found;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const problem = JSON.stringify([token, error.message]);
      const reason = `the personal access token was not recognised: ${error.message}`;
      if (reported !== problem) log.error(reason);
      reported = problem;
      return { kind: 'none', reason };
    }
  }

  const token = environment.accessToken?.trim();
  const isPersonal = token !== undefined && isPersonalAccessToken(token);
  if (token && !isPersonal) log.error(notPersonal);
  return {
    login,
    check,
    checkEnvironment: () => (isPersonal ? check(token) : undefined),
    isInEnvironment: Boolean(token),
    fromEnvironment() {
      if (!token) return undefined;
      return isPersonal ? login(token) : Promise.resolve({ kind: 'none', reason: notPersonal });
    },
  };
}

function loginOf(token: string, whoami: WireWhoami): ChatgptLogin {
  return {
    kind: 'chatgpt',
    source: 'personalAccessToken',
    tokens: {
      claims: {
        email: whoami.email,
        planType: whoami.chatgpt_plan_type.toLowerCase(),
        userId: whoami.chatgpt_user_id,
        isFedramp: whoami.chatgpt_account_is_fedramp,
        accountId: whoami.chatgpt_account_id,
      },
      idToken: '',
      accessToken: token,
      refreshToken: '',
      accountId: whoami.chatgpt_account_id,
      expiresAtMs: null,
      lastRefreshMs: 0,
      provenance: null,
    },
  };
}
