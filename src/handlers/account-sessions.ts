import { sessionList } from '../domain/account-sessions.js';
import type {
  AccountSessionListParams,
  AccountSessionListResponse,
  AccountSessionSwitchParams,
  AccountSessionSwitchResponse,
} from '../protocol/schema/account-session.js';
import { type AccountSessionServices, currentSession, readAccounts } from './current-session.js';
import type { RequestContext } from './request-context.js';

export function createAccountSessionHandlers(services: AccountSessionServices): {
  handleAccountSessionList(
    params: AccountSessionListParams,
    context: RequestContext,
  ): Promise<AccountSessionListResponse>;
  handleAccountSessionSwitch(
    params: AccountSessionSwitchParams,
    context: RequestContext,
  ): Promise<AccountSessionSwitchResponse>;
} {
  return {
    async handleAccountSessionList({ refreshWorkspaceMetadata = false }, { signal }) {
      const session = await currentSession(services.session);
      const accounts = session && refreshWorkspaceMetadata ? await readAccounts(services, signal) : null;
      return sessionList(session, accounts, services.clock.nowMs());
    },
    async handleAccountSessionSwitch(params, context) {
      const { switchWorkspace } = await import('./switch-workspace.js');
      return switchWorkspace(services, params, context);
    },
  };
}
