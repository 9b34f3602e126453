import type { Method, ParamsOf, ResultOf } from '../protocol/methods.js';
import { createAccountSessionHandlers } from './account-sessions.js';
import type { AccountSessionServices } from './current-session.js';
import { createAccountHandlers } from './account.js';
import { type ConfigServices, createConfigHandlers } from './config.js';
import type { LimitsServices } from './limits/limits-reader.js';
import type { RequestContext } from './request-context.js';
import { type ClientState, createInitializeHandler, type ServerIdentity } from './initialize.js';
import { createLoginHandlers } from './login.js';
import { createRateLimitsHandlers } from './limits/rate-limits.js';
import type { RateLimitsWatch } from './limits/rate-limits-watch.js';
import { createResetCreditsHandlers } from './limits/reset-credits.js';
import { createTokenUsageHandlers } from './token-usage.js';
import { createWorkspaceHandlers } from './workspace.js';
import type { WorkspaceLookup } from './workspace-lookup.js';

export type Handler<M extends Method> = (
  params: ParamsOf<M>,
  context: RequestContext,
) => ResultOf<M> | Promise<ResultOf<M>>;

/** A handler for each method. A missing one is a compile error. */
export type HandlerTable = { readonly [M in Method]: Handler<M> };

export interface Services extends LimitsServices, ConfigServices, AccountSessionServices {
  readonly identity: ServerIdentity;
  readonly client: ClientState;
  readonly workspaces: WorkspaceLookup;
  readonly watch: RateLimitsWatch;
}

export function createHandlers(services: Services): HandlerTable {
  const { handleInitialize } = createInitializeHandler(services);
  const { handleAccountRead, handleGetAuthStatus } = createAccountHandlers(services);
  const { handleRateLimitsRead, handleRateLimitsWatch, handleRateLimitsUnwatch } =
    createRateLimitsHandlers(services);
  const { handleRateLimitResetCreditConsume } = createResetCreditsHandlers(services);
  const { handleUsageRead } = createTokenUsageHandlers(services);
  const { handleWorkspaceMessagesRead, handleSendAddCreditsNudgeEmail } = createWorkspaceHandlers(services);
  const { handleLoginStart, handleLoginCancel, handleLogout } = createLoginHandlers(services);
  const { handleAccountSessionList, handleAccountSessionSwitch } = createAccountSessionHandlers(services);
  const { handleConfigRead } = createConfigHandlers(services);
  return {
    initialize: handleInitialize,
    'account/read': handleAccountRead,
    getAuthStatus: handleGetAuthStatus,
    'account/rateLimits/read': handleRateLimitsRead,
    'account/rateLimits/watch': handleRateLimitsWatch,
    'account/rateLimits/unwatch': handleRateLimitsUnwatch,
    'account/rateLimitResetCredit/consume': handleRateLimitResetCreditConsume,
    'account/usage/read': handleUsageRead,
    'account/workspaceMessages/read': handleWorkspaceMessagesRead,
    'account/sendAddCreditsNudgeEmail': handleSendAddCreditsNudgeEmail,
    'account/login/start': handleLoginStart,
    'account/login/cancel': handleLoginCancel,
    'account/logout': handleLogout,
    'accountSession/list': handleAccountSessionList,
    'accountSession/switch': handleAccountSessionSwitch,
    'config/read': handleConfigRead,
  };
}
