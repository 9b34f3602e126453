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
import type { Call } from './call.js';
import type { LoginNotifications } from './login-notifications.js';

export interface LoginServices {
  readonly auth: Auth;
  readonly loginNotifications: LoginNotifications;
  readonly backend: BackendClient;
}

export function createLoginHandlers({ auth, loginNotifications, backend }: LoginServices): {
  handleLoginStart(params: LoginAccountParams, call: Call): Promise<LoginAccountResponse>;
  handleLoginCancel(params: CancelLoginAccountParams, call: Call): Promise<CancelLoginAccountResponse>;
  handleLogout(params: object, call: Call): Promise<LogoutAccountResponse>;
} {
  return {
    async handleLoginStart(params, call) {
      const { type } = params;
      switch (type) {
        case 'apiKey':
          await auth.signInWithApiKey(params.apiKey, call.signal);
          backend.failReads();
          await loginNotifications.notifySignedIn(null, call.answered);
          return { type };
        case 'chatgptAuthTokens':
          await auth.signInWithHostTokens(params, call.signal);
          backend.separateReads();
          await loginNotifications.notifySignedIn(null, call.answered);
          return { type };
        case 'chatgpt':
          return { type, ...(await auth.startBrowserLogin(params, call)) };
        case 'chatgptDeviceCode':
          return { type, ...(await auth.startDeviceLogin(call)) };
        case 'amazonBedrock':
        case 'amazonBedrockAccessKeys':
          throw new AppError(
            'unsupported',
            `account/login/start.${type} is not supported: Amazon Bedrock has no rate limits to read`,
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
      return { status: (await auth.cancelLogin(uuid, call)) ? 'canceled' : 'notFound' };
    },
    async handleLogout(_params, call) {
      await auth.signOut(call.signal);
      backend.failReads();
      await loginNotifications.notifySignedOut(call.answered);
      return {};
    },
  };
}
