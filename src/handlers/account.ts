import type { Session } from '../auth/session.js';
import { accountFromLogin, authStatusFromLogin } from '../domain/account.js';
import type {
  GetAccountParams,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
} from '../protocol/account.js';

export function createAccountHandlers({ session }: { session: Session }): {
  handleAccountRead(params: GetAccountParams): Promise<GetAccountResponse>;
  handleGetAuthStatus(params: GetAuthStatusParams): Promise<GetAuthStatusResponse>;
} {
  return {
    async handleAccountRead() {
      return accountFromLogin(await session.login());
    },
    async handleGetAuthStatus({ includeToken }) {
      return authStatusFromLogin(await session.login(), includeToken ?? false);
    },
  };
}
