import type * as z from 'zod/mini';
import {
  GetAccountParams,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
} from './account.js';
import { InitializeParams, InitializeResponse } from './initialize.js';
import {
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountResponse,
} from './login.js';
import { GetAccountRateLimitsParams, GetAccountRateLimitsResponse } from './rate-limits.js';
import { SendAddCreditsNudgeEmailParams, SendAddCreditsNudgeEmailResponse } from './credits-nudge.js';
import {
  UnwatchAccountRateLimitsResponse,
  WatchAccountRateLimitsParams,
  WatchAccountRateLimitsResponse,
} from './rate-limits-watch.js';
import { GetAccountTokenUsageParams, GetAccountTokenUsageResponse } from './token-usage.js';
import { UnitParams } from './unit.js';
import { GetWorkspaceMessagesResponse } from './workspace-messages.js';
import {
  ConsumeAccountRateLimitResetCreditParams,
  ConsumeAccountRateLimitResetCreditResponse,
} from './reset-credits.js';

/**
 * When a request is worked on.
 * - `handshake`: at once, also before `initialize`
 * - `account`: one after the other, in the order of arrival
 * - `free`: at once, beside everything else
 */
export type Lane = 'handshake' | 'account' | 'free';

export interface MethodDefinition {
  /** An object, or a choice of objects by one of their members. */
  readonly params: z.ZodMiniObject | z.ZodMiniDiscriminatedUnion;
  /** Whether absent or null params count as `{}`. */
  readonly paramsOptional: boolean;
  readonly result: z.ZodMiniType;
  readonly lane: Lane;
  /** Whether it changes nothing, here or at the backend: it may be given up at any time. */
  readonly isRead: boolean;
}

/** Every request that is served: the one list that dispatch, handlers, schema and docs follow. */
export const methods = {
  initialize: {
    params: InitializeParams,
    paramsOptional: false,
    result: InitializeResponse,
    lane: 'handshake',
    isRead: true,
  },
  'account/read': {
    params: GetAccountParams,
    paramsOptional: true,
    result: GetAccountResponse,
    lane: 'account',
    isRead: true,
  },
  getAuthStatus: {
    params: GetAuthStatusParams,
    paramsOptional: false,
    result: GetAuthStatusResponse,
    lane: 'account',
    isRead: true,
  },
  'account/rateLimits/read': {
    params: GetAccountRateLimitsParams,
    paramsOptional: true,
    result: GetAccountRateLimitsResponse,
    lane: 'free',
    isRead: true,
  },
  'account/rateLimits/watch': {
    params: WatchAccountRateLimitsParams,
    paramsOptional: true,
    result: WatchAccountRateLimitsResponse,
    lane: 'free',
    isRead: true,
  },
  'account/rateLimits/unwatch': {
    params: UnitParams,
    paramsOptional: true,
    result: UnwatchAccountRateLimitsResponse,
    lane: 'free',
    isRead: true,
  },
  'account/rateLimitResetCredit/consume': {
    params: ConsumeAccountRateLimitResetCreditParams,
    paramsOptional: false,
    result: ConsumeAccountRateLimitResetCreditResponse,
    lane: 'account',
    isRead: false,
  },
  'account/usage/read': {
    params: GetAccountTokenUsageParams,
    paramsOptional: true,
    result: GetAccountTokenUsageResponse,
    lane: 'free',
    isRead: true,
  },
  'account/workspaceMessages/read': {
    params: UnitParams,
    paramsOptional: true,
    result: GetWorkspaceMessagesResponse,
    lane: 'free',
    isRead: true,
  },
  'account/sendAddCreditsNudgeEmail': {
    params: SendAddCreditsNudgeEmailParams,
    paramsOptional: false,
    result: SendAddCreditsNudgeEmailResponse,
    lane: 'account',
    isRead: false,
  },
  'account/login/start': {
    params: LoginAccountParams,
    paramsOptional: false,
    result: LoginAccountResponse,
    lane: 'account',
    isRead: false,
  },
  'account/login/cancel': {
    params: CancelLoginAccountParams,
    paramsOptional: false,
    result: CancelLoginAccountResponse,
    lane: 'account',
    isRead: false,
  },
  'account/logout': {
    params: UnitParams,
    paramsOptional: true,
    result: LogoutAccountResponse,
    lane: 'account',
    isRead: false,
  },
} as const satisfies Record<string, MethodDefinition>;

export type Method = keyof typeof methods;
export type ParamsOf<M extends Method> = z.infer<(typeof methods)[M]['params']>;
export type ResultOf<M extends Method> = z.infer<(typeof methods)[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}
