import type { Auth } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';
import { parsedUuid } from '../domain/uuid.js';
import type {
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountResponse,
} from '../protocol/schema/login.js';
import { AppError } from '../util/errors.js';
import type { LimitsReader } from './limits/limits-reader.js';
import type { RequestContext } from './request-context.js';
import type { LoginNotifications } from './login-notifications.js';

export interface LoginServices {
  readonly auth: Auth;
  readonly loginNotifications: LoginNotifications;
  readonly backend: BackendClient;
  readonly limits: LimitsReader;
}

export function createLoginHandlers({ auth, loginNotifications, backend, limits }: LoginServices): {
  handleLoginStart(params: LoginAccountParams, context: RequestContext): Promise<LoginAccountResponse>;
  handleLoginCancel(
    params: CancelLoginAccountParams,
    context: RequestContext,
  ): Promise<CancelLoginAccountResponse>;
  handleLogout(params: object, context: RequestContext): Promise<LogoutAccountResponse>;
} {
  return {
    async handleLoginStart(params, context) {
      const { type } = params;
      switch (type) {
        case 'apiKey':
          await auth.signInWithApiKey(params.apiKey, context.signal);
          backend.failReads();
          await limits.invalidate();
          await loginNotifications.notifySignedIn(null, context.answered);
          return { type };
        case 'chatgptAuthTokens':
          await auth.signInWithHostTokens(params, context.signal);
          backend.separateReads();
          await limits.invalidate();
          await loginNotifications.notifySignedIn(null, context.answered);
          return { type };
        case 'chatgpt':
          return { type, ...(await auth.startBrowserLogin(params, context)) };
        case 'chatgptDeviceCode':
          return { type, ...(await auth.startDeviceLogin(context)) };
        case 'amazonBedrock':
        case 'amazonBedrockAccessKeys':
          throw new AppError(
            'unsupported',
            `account/login/start.${type} is not supported: Amazon Bedrock has no rate limits to read`,
          );
      }
    },
    async handleLoginCancel({ loginId }, context) {
      const uuid = parsedUuid(loginId);
      if (uuid === undefined) {
        throw new AppError('invalidRequest', `invalid login id: ${loginId}`, {
          details: { member: 'loginId' },
        });
      }
      return { status: (await auth.cancelLogin(uuid, context)) ? 'canceled' : 'notFound' };
    },
    async handleLogout(_params, context) {
      await auth.signOut(context.signal);
      backend.failReads();
      await limits.invalidate();
      await loginNotifications.notifySignedOut(context.answered);
      return {};
    },
  };
}
