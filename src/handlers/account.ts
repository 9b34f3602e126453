import { type AccountState, accountFromState, authStatusFromState } from '../domain/account.js';
import { usableSettings } from '../config/invalid-config.js';
import { requiresOpenaiAuth } from '../config/provider.js';
import type { Settings } from '../config/settings.js';
import type {
  GetAccountParams,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
} from '../protocol/schema/account.js';
import type { AccountServices, RequestContext } from './request-context.js';
import type { WorkspaceLookup } from './workspace-lookup.js';

export function createAccountHandlers({
  session,
  settings,
  workspaces,
}: AccountServices & {
  settings: () => Promise<Settings>;
  workspaces: WorkspaceLookup;
}): {
  handleAccountRead(params: GetAccountParams, context: RequestContext): Promise<GetAccountResponse>;
  handleGetAuthStatus(params: GetAuthStatusParams, context: RequestContext): Promise<GetAuthStatusResponse>;
} {
  async function accountState(current: Settings): Promise<AccountState> {
    const login = await session.login();
    return { login, isRefused: session.isRefused(login), settings: current };
  }

  return {
    async handleAccountRead({ refreshToken }, { signal }) {
      const current = await usableSettings(settings);
      if (!requiresOpenaiAuth(current)) return accountFromState(await accountState(current));
      if (refreshToken) await session.refresh('forced', signal);
      const workspace = await workspaces.find(signal);
      return accountFromState({ ...(await accountState(current)), workspace });
    },
    async handleGetAuthStatus({ includeToken, refreshToken }, { signal }) {
      const current = await usableSettings(settings);
      if (requiresOpenaiAuth(current)) await session.refresh(refreshToken ? 'forced' : 'due', signal);
      return authStatusFromState(await accountState(current), includeToken ?? false);
    },
  };
}
