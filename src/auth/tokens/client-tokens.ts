import type { RequestClient } from '../../protocol/methods.js';
import { AppError } from '../../util/errors.js';
import type { Log } from '../../util/log.js';
import type { ChatgptLogin } from '../credentials.js';
import { readIdToken } from '../id-token.js';

/** ChatGPT tokens as the client sends them. */
export interface GivenTokens {
  readonly accessToken: string;
  readonly chatgptAccountId: string;
  readonly chatgptPlanType?: string | null | undefined;
}

/** The tokens that the client owns. They are only in memory. */
export interface HostTokens {
  login(): ChatgptLogin | undefined;
  /** @throws AppError `loginFailed` if the access token is not a JSON web token; the old tokens then stay */
  take(given: GivenTokens): void;
  drop(): void;
  /**
   * Asks the client for new tokens. Calls at the same time share one request. Never throws: without a usable answer the
   * old tokens stay.
   */
  refresh(): Promise<void>;
}

export function createHostTokens({
  requestClient,
  log,
}: {
  requestClient: RequestClient;
  log: Log;
}): HostTokens {
  let login: ChatgptLogin | undefined;
  let asking: Promise<void> | undefined;

  async function askClient(old: ChatgptLogin): Promise<void> {
    try {
      const given = await requestClient('account/chatgptAuthTokens/refresh', {
        reason: 'unauthorized',
        previousAccountId: old.tokens?.accountId ?? null,
      });
      // Meanwhile the client may have sent other tokens, or signed out.
      if (login === old) login = loginOf(given);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.warn(`the client did not send new tokens: ${error.message}`);
    }
  }

  return {
    login: () => login,
    take(given) {
      login = loginOf(given);
    },
    drop() {
      login = undefined;
    },
    async refresh() {
      if (!login) return;
      asking ??= askClient(login).finally(() => {
        asking = undefined;
      });
      await asking;
    },
  };
}

function loginOf({ accessToken, chatgptAccountId, chatgptPlanType }: GivenTokens): ChatgptLogin {
  const claims = readIdToken(accessToken);
  if (!claims) throw new AppError('loginFailed', 'failed to set external auth: invalid ID token format');
  return {
    kind: 'chatgpt',
    source: 'host',
    tokens: {
      claims: { ...claims, planType: chatgptPlanType?.toLowerCase() ?? claims.planType },
      idToken: accessToken,
      accessToken,
      refreshToken: '',
      accountId: chatgptAccountId,
      // The client decides when they are renewed.
      expiresAtMs: null,
      lastRefreshMs: 0,
      provenance: null,
    },
  };
}
