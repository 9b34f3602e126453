// The exports of `codex-account-server/limits`: pure functions that also run in a browser. `./client` exports them too.
export { type SpendBudget, spendBudget } from './budget.js';
export { type CreditSummary, type ListedCredit, redeemableCredits, soonestExpiry } from './credits.js';
export { mergeRateLimits, type SparseRateLimits } from './merge.js';
export { type CheckedNeed, type CheckedNeeds, checkNeeds, type Need, type NeedsRead } from './needs/needs.js';
export { type Block, type PermissionRead, type UsagePermission, usagePermission } from './permission.js';
export { type ResetDecision, resetWouldHelp } from './reset-warnings.js';
export { type TightestLimit, tightestLimit } from './tightest.js';
export { budgetPace, type LimitPace, usagePace } from './usage-pace.js';
export {
  fiveHoursMins,
  findWindow,
  isStale,
  type LimitWindow,
  type LimitWindows,
  listWindows,
  type NamedWindow,
  weekMins,
  windowName,
} from './windows.js';
