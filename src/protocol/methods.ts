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
  /** What it does to the account, to the stored login or at the backend. */
  readonly effect: Effect;
}

/**
 * - `none`: it changes nothing, so that it may be given up at any time
 * - `refreshIfAsked`: the same, but that it renews the stored tokens where its `refreshToken` is true
 * - `change`: everything else; a server that is read-only refuses it
 */
export type Effect = 'none' | 'refreshIfAsked' | 'change';

/** Every request that is served: the one list that dispatch, handlers, schema and docs follow. */
export const methods = {
  initialize: {
    params: InitializeParams,
    paramsOptional: false,
    result: InitializeResponse,
    lane: 'handshake',
    effect: 'none',
  },
  'account/read': {
    params: GetAccountParams,
    paramsOptional: true,
    result: GetAccountResponse,
    lane: 'account',
    effect: 'refreshIfAsked',
  },
  getAuthStatus: {
    params: GetAuthStatusParams,
    paramsOptional: false,
    result: GetAuthStatusResponse,
    lane: 'account',
    effect: 'refreshIfAsked',
  },
  'account/rateLimits/read': {
    params: GetAccountRateLimitsParams,
    paramsOptional: true,
    result: GetAccountRateLimitsResponse,
    lane: 'free',
    effect: 'none',
  },
  'account/rateLimitResetCredit/consume': {
    params: ConsumeAccountRateLimitResetCreditParams,
    paramsOptional: false,
    result: ConsumeAccountRateLimitResetCreditResponse,
    lane: 'account',
    effect: 'change',
  },
  'account/usage/read': {
    params: GetAccountTokenUsageParams,
    paramsOptional: true,
    result: GetAccountTokenUsageResponse,
    lane: 'free',
    effect: 'none',
  },
  'account/workspaceMessages/read': {
    params: UnitParams,
    paramsOptional: true,
    result: GetWorkspaceMessagesResponse,
    lane: 'free',
    effect: 'none',
  },
  'account/sendAddCreditsNudgeEmail': {
    params: SendAddCreditsNudgeEmailParams,
    paramsOptional: false,
    result: SendAddCreditsNudgeEmailResponse,
    lane: 'account',
    effect: 'change',
  },
  'account/login/start': {
    params: LoginAccountParams,
    paramsOptional: false,
    result: LoginAccountResponse,
    lane: 'account',
    effect: 'change',
  },
  'account/login/cancel': {
    params: CancelLoginAccountParams,
    paramsOptional: false,
    result: CancelLoginAccountResponse,
    lane: 'account',
    effect: 'change',
  },
  'account/logout': {
    params: UnitParams,
    paramsOptional: true,
    result: LogoutAccountResponse,
    lane: 'account',
    effect: 'change',
  },
} as const satisfies Record<string, MethodDefinition>;

export type Method = keyof typeof methods;
export type ParamsOf<M extends Method> = z.infer<(typeof methods)[M]['params']>;
export type ResultOf<M extends Method> = z.infer<(typeof methods)[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}
