import * as z from 'zod/mini';
import {
  GetAccountParams,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
} from './account.js';
import {
  AccountSessionListParams,
  AccountSessionListResponse,
  AccountSessionSwitchParams,
  AccountSessionSwitchResponse,
} from './account-session.js';
import { ChatgptAuthTokensRefreshParams, ChatgptAuthTokensRefreshResponse } from './auth-tokens-refresh.js';
import { ConfigReadParams, ConfigReadResponse } from './config.js';
import { InitializeParams, InitializeResponse } from './initialize.js';
import {
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountResponse,
} from './login.js';
import {
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
  UnwatchAccountRateLimitsResponse,
  WatchAccountRateLimitsParams,
  WatchAccountRateLimitsResponse,
} from './rate-limits.js';
import { SendAddCreditsNudgeEmailParams, SendAddCreditsNudgeEmailResponse } from './credits-nudge.js';
import { GetAccountTokenUsageParams, GetAccountTokenUsageResponse } from './token-usage.js';
import { GetWorkspaceMessagesResponse } from './workspace-messages.js';
import {
  ConsumeAccountRateLimitResetCreditParams,
  ConsumeAccountRateLimitResetCreditResponse,
} from './reset-credits.js';

/** The schema of a method without params: absent, null or an empty object. */
export const UnitParams = z.strictObject({});

/** Params and result of every request that a client sends. Params are an object or a discriminated union of objects. */
export const methodSchemas = {
  initialize: { params: InitializeParams, result: InitializeResponse },
  'account/read': { params: GetAccountParams, result: GetAccountResponse },
  getAuthStatus: { params: GetAuthStatusParams, result: GetAuthStatusResponse },
  'account/rateLimits/read': { params: GetAccountRateLimitsParams, result: GetAccountRateLimitsResponse },
  'account/rateLimits/watch': {
    params: WatchAccountRateLimitsParams,
    result: WatchAccountRateLimitsResponse,
  },
  'account/rateLimits/unwatch': { params: UnitParams, result: UnwatchAccountRateLimitsResponse },
  'account/rateLimitResetCredit/consume': {
    params: ConsumeAccountRateLimitResetCreditParams,
    result: ConsumeAccountRateLimitResetCreditResponse,
  },
  'account/usage/read': { params: GetAccountTokenUsageParams, result: GetAccountTokenUsageResponse },
  'account/workspaceMessages/read': { params: UnitParams, result: GetWorkspaceMessagesResponse },
  'account/sendAddCreditsNudgeEmail': {
    params: SendAddCreditsNudgeEmailParams,
    result: SendAddCreditsNudgeEmailResponse,
  },
  'account/login/start': { params: LoginAccountParams, result: LoginAccountResponse },
  'account/login/cancel': { params: CancelLoginAccountParams, result: CancelLoginAccountResponse },
  'account/logout': { params: UnitParams, result: LogoutAccountResponse },
  'accountSession/list': { params: AccountSessionListParams, result: AccountSessionListResponse },
  'accountSession/switch': { params: AccountSessionSwitchParams, result: AccountSessionSwitchResponse },
  'config/read': { params: ConfigReadParams, result: ConfigReadResponse },
} as const satisfies Record<
  string,
  { params: z.ZodMiniObject | z.ZodMiniDiscriminatedUnion; result: z.ZodMiniType }
>;

/** Params and result of every request that the server sends to its client. */
export const clientMethodSchemas = {
  'account/chatgptAuthTokens/refresh': {
    params: ChatgptAuthTokensRefreshParams,
    result: ChatgptAuthTokensRefreshResponse,
  },
} as const satisfies Record<string, { params: z.ZodMiniType; result: z.ZodMiniType }>;
