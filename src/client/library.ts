// What `codex-account-server/client` exports.
export type { Call, CallOptions, Method, OnRetry, ParamsOf, ResultOf } from './connection/call.js';
export type { AccountClient, ReadRateLimitsOptions } from './account-client.js';
export { createClient } from './client.js';
export type { ClientOptions } from './client-options.js';
export { redeemableCredits, soonestExpiry } from '../limits/credits.js';
export { ConnectionError, type ConnectionErrorKind, RequestError } from './connection/errors.js';
export type { HandleLimits, WatchOptions } from './watch/options.js';
export { mergeRateLimits, type SparseRateLimits } from '../limits/merge.js';
export {
  type Block,
  type PermissionRead,
  type UsagePermission,
  usagePermission,
} from '../limits/permission.js';
export { type SpendBudget, spendBudget } from '../limits/budget.js';
export { type TightestLimit, tightestLimit } from '../limits/tightest.js';
export { budgetPace, type UsagePace, usagePace } from '../limits/usage-pace.js';
export {
  type CheckedNeed,
  type CheckedNeeds,
  checkNeeds,
  type Need,
  type NeedsRead,
} from '../limits/needs.js';
export { type ResetDecision, resetWouldHelp } from '../limits/reset-warnings.js';
export type { RuleDecision, RuleRead } from '../limits/redemption-rule.js';
export type {
  RedemptionRule,
  RuleCondition,
  RuleConditionKind,
  RuleConsent,
  RuleTrigger,
} from '../limits/rule-conditions.js';
export { decideRedemption } from './redemption/rule-decision.js';
export type * from './protocol.js';
export type { AbandonOptions, RedeemOptions, RedeemResult, ResumeOptions } from './redemption/options.js';
export { RedemptionError, type RedemptionErrorKind } from './record/error.js';
export type { Redemption, RedemptionAccount, RedemptionReversal } from './record/redemption.js';
export { abandonProblem } from './redemption/abandon.js';
export { isSameAccount } from './redemption/account.js';
export {
  type Claim,
  claimOf,
  nextState,
  pendingLimitMs,
  type RedemptionEvent,
  redemptionEvents,
} from './record/state.js';
export { type RedemptionState, redemptionStates } from '../protocol/redemption-states.js';
export type { ReadBasis } from './redemption/read-basis.js';
export type { RedemptionWindow, WindowVerdict } from './record/windows.js';
export type { StopTimeouts } from './connection/start-server.js';
export {
  fiveHoursMins,
  findWindow,
  isStale,
  listWindows,
  type NamedWindow,
  weekMins,
  windowName,
} from '../limits/windows.js';
export type { AllowedLimits, WaitLook, WaitUntilAllowedOptions } from './wait/wait-until-allowed.js';
