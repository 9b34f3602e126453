import type { IssuerClient } from '../../backend/issuer/issuer-client.js';
import type { WireWhoami } from '../../backend/issuer/wire-issuer.js';
import type { Log } from '../../util/log.js';
import type { Login } from '../credentials.js';
import { type AuthEnvironment, whoamiUrl } from '../environment.js';

/** The logins of personal access tokens. Their issuer is asked for the account until it has answered. */
export interface PersonalAccessTokens {
  /** Returns the login of CODEX_ACCESS_TOKEN, which takes precedence over the store; undefined if that is blank. */
  fromEnvironment(): Promise<Login> | undefined;
  readonly isInEnvironment: boolean;
  login(token: string): Promise<Login>;
}

/** The log line for a CODEX_ACCESS_TOKEN of another kind. */
export const notPersonal =
  'CODEX_ACCESS_TOKEN is not a personal access token (at-…): while it is set, the account counts as signed out';

export function createPersonalAccessTokens(options: {
  environment: AuthEnvironment;
  issuer: IssuerClient;
  log: Log;
}): PersonalAccessTokens {
  const { environment, issuer, log } = options;
  const asked = new Map<string, Promise<Login | undefined>>();

  async function ask(token: string): Promise<Login | undefined> {
    const whoami = await issuer.readWhoami(whoamiUrl(environment), token);
    return whoami && loginOf(token, whoami);
  }

  async function login(token: string): Promise<Login> {
    const asking = asked.get(token) ?? ask(token);
    asked.set(token, asking);
    const found = await asking;
    if (found) return found;
    if (asked.delete(token)) log.error('the personal access token was not recognised');
    return { kind: 'none' };
  }

  const token = environment.accessToken?.trim();
  const isPersonal = token?.startsWith('at-') ?? false;
  if (token && !isPersonal) log.error(notPersonal);
  return {
    login,
    isInEnvironment: Boolean(token),
    fromEnvironment() {
      if (!token) return undefined;
      return isPersonal ? login(token) : Promise.resolve({ kind: 'none' });
    },
  };
}

function loginOf(token: string, whoami: WireWhoami): Login {
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
