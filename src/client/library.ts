// The exports of `codex-account-server/client`. Tests and the command line import the modules themselves.
export * from '../limits/library.js';
export type {
  AccountClient,
  ConsumeOptions,
  ReadAccountOptions,
  ReadRateLimitsOptions,
} from './account-client.js';
export { createClient } from './client.js';
export type { ClientOptions } from './client-options.js';
export type { CallOptions, Method, OnRetry, ParamsOf, ResultOf } from './connection/call.js';
export {
  ConnectionError,
  type ConnectionErrorKind,
  isConnectionError,
  isRequestError,
  RequestError,
} from './connection/errors.js';
export type { StopTimeouts } from './connection/start-server.js';
export { AccountServerError, isAccountServerError } from './error.js';
export type * from './protocol.js';
export type { RuleDecision, RuleRead } from '../limits/rules/redemption-rule.js';
export type {
  RedemptionRule,
  RuleCondition,
  RuleConditionKind,
  RuleConsent,
  RuleTrigger,
} from '../limits/rules/rule-conditions.js';
export { decideRedemption } from './redemption/rule-decision.js';
export { isRedemptionError, RedemptionError, type RedemptionErrorKind } from './record/error.js';
export type { Redemption, RedemptionAccount, RedemptionReversal } from './record/redemption.js';
export type { RedemptionWindow, WindowVerdict } from './record/windows.js';
export type { AbandonOptions, RedeemOptions, RedeemResult, ResumeOptions } from './redemption/options.js';
export type { ReadBasis } from './redemption/read-basis.js';
export type { RedemptionState } from '../protocol/redemption-states.js';
export type { AllowedLimits, WaitState, WaitUntilAllowedOptions } from './wait/wait-until-allowed.js';
export type { WatchOptions, WatchProblem } from './watch/options.js';
