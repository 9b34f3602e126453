import { apiKeyDocument } from '../auth/auth-document.js';
import type { AuthServices } from '../auth/open-session.js';
import { requireAllowedAccount, requireAllowedLogin } from '../auth/login-rules.js';
import { loginFlows } from '../auth/login-flows.js';
import type { Logins } from '../auth/logins.js';
import { storeFailure } from '../auth/store-failure.js';
import type { BackendClient } from '../backend/client.js';
import type { Settings } from '../config/config-toml.js';
import { parsedUuid } from '../domain/uuid.js';
import type {
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountResponse,
} from '../protocol/login.js';
import { AppError } from '../util/errors.js';
import type { Call } from './call.js';
import type { LoginNews } from './login-news.js';

export interface LoginServices {
  readonly auth: AuthServices;
  readonly logins: Logins;
  readonly news: LoginNews;
  readonly backend: BackendClient;
  /** @throws AppError `configInvalid`: then nobody knows which logins are allowed, and where they are stored */
  readonly settings: () => Promise<Settings>;
}

type ParamsOfType<T extends LoginAccountParams['type']> = Extract<LoginAccountParams, { type: T }>;

export function createLoginHandlers({ auth, logins, news, backend, settings }: LoginServices): {
  handleLoginStart(params: LoginAccountParams, call: Call): Promise<LoginAccountResponse>;
  handleLoginCancel(params: CancelLoginAccountParams, call: Call): Promise<CancelLoginAccountResponse>;
  handleLogout(params: object, call: Call): Promise<LogoutAccountResponse>;
} {
  const { hostTokens, writer } = auth;
  const isHostActive = (): boolean => hostTokens.login() !== undefined;

  async function startApiKey({ apiKey }: ParamsOfType<'apiKey'>, call: Call): Promise<LoginAccountResponse> {
    requireAllowedLogin('apiKey', await settings(), isHostActive());
    await logins.giveUp(call.signal);
    try {
      await writer.save(apiKeyDocument(apiKey), call.signal);
    } catch (error) {
      throw storeFailure('save', error);
    }
    backend.failReads();
    await news.tellSignedIn(null, call.answered);
    return { type: 'apiKey' };
  }

  async function takeHostTokens(
    params: ParamsOfType<'chatgptAuthTokens'>,
    call: Call,
  ): Promise<LoginAccountResponse> {
    const current = await settings();
    requireAllowedLogin('host', current, isHostActive());
    requireAllowedAccount(params.chatgptAccountId, current);
    await logins.giveUp(call.signal);
    hostTokens.take(params);
    backend.separateReads();
    await news.tellSignedIn(null, call.answered);
    return { type: 'chatgptAuthTokens' };
  }

  return {
    async handleLoginStart(params, call) {
      switch (params.type) {
        case 'apiKey':
          return startApiKey(params, call);
        case 'chatgptAuthTokens':
          return takeHostTokens(params, call);
        case 'chatgpt':
        case 'chatgptDeviceCode': {
          const current = await settings();
          requireAllowedLogin('issuer', current, isHostActive());
          const context = auth.loginContext(current);
          if (params.type === 'chatgpt') {
            const start = () => loginFlows.chatgpt(context, params);
            return { type: params.type, ...(await logins.begin({ kind: 'browser', start }, call)) };
          }
          const start = () => loginFlows.chatgptDeviceCode(context);
          return { type: params.type, ...(await logins.begin({ kind: 'device', start }, call)) };
        }
        case 'amazonBedrock':
        case 'amazonBedrockAccessKeys':
          throw new AppError(
            'unsupported',
            `account/login/start.${params.type} is not supported: Amazon Bedrock has no rate limits to read`,
          );
      }
    },
    async handleLoginCancel({ loginId }, call) {
      const uuid = parsedUuid(loginId);
      if (uuid === undefined) {
        throw new AppError('invalidRequest', `invalid login id: ${loginId}`, {
          details: { member: 'loginId' },
        });
      }
      return { status: (await logins.cancel(uuid, call)) ? 'canceled' : 'notFound' };
    },
    async handleLogout(_params, call) {
      await settings();
      await logins.giveUp(call.signal);
      await auth.logout(call.signal);
      backend.failReads();
      await news.tellSignedOut(call.answered);
      return {};
    },
  };
}
