import { ConnectionError, type Redemption, RedemptionError, RequestError } from '../../client/library.js';
import { claimOf, pendingLimitMs } from '../../client/record/state.js';
import { CodexHomeError } from '../../config/codex-home.js';
import type { RedeemFailure } from '../../protocol/schema/reports/redeem-report.js';
import { safeLine } from '../../util/text/safe-text.js';
import type { RenderContext } from '../terminal/text-style.js';
import { redeemAttempt, spentBy } from './report.js';
import { localTime } from '../terminal/times.js';
import { commandError, failureSentence, isSignedOut } from '../usage/failure.js';

/** `noConsent`: the user has not agreed to the rule. `conditionsUnmet`: the rule redeems nothing now. */
type RuleStopKind = 'noConsent' | 'ruleRevoked' | 'conditionsUnmet';

/** The end of a redemption that was stopped although nothing failed. */
export class RedeemStop extends Error {
  override readonly name = 'RedeemStop';
  readonly kind:
    'declined' | 'interrupted' | 'finishedElsewhere' | 'nothingOpen' | 'needsForce' | RuleStopKind;

  /** @param text with `needsForce`: the warnings; with kinds about a rule: the sentences */
  constructor(kind: RedeemStop['kind'], text: string = kind) {
    super(text);
    this.kind = kind;
  }
}

export interface FailureContext extends RenderContext {
  /** The attempts of the signed-in account, the oldest first; undefined if the journal cannot be read. */
  readonly journal: readonly Redemption[] | undefined;
  /** The number of the last change in the journal before this run of the command. */
  readonly sinceSequence: number;
  /** Why the stored login cannot be used, if that is the reason. */
  readonly loginProblem?: string | undefined;
}

/** Describes why no redemption succeeded, in the shape of `redeem --json`. */
export function redeemFailure(error: unknown, context: FailureContext): RedeemFailure {
  const { journal, sinceSequence, nowMs } = context;
  // An attempt is recorded before it is sent, so an interrupted run may have left one.
  const started = isInterruption(error)
    ? journal?.findLast(({ sequence }) => sequence > sinceSequence)
    : undefined;
  const open = journal?.findLast((each) => claimOf(each, nowMs) === 'repeat');
  const about = error instanceof RedemptionError ? error.redemption : null;
  const redemption = about ?? open ?? started ?? null;
  const spent = spentDespite(error, redemption, journal !== undefined);
  const reason = reasonOf(error, context);
  const wayOut = hasWayOut(error) ? ['redeem --abandon REASON gives it up.'] : [];
  const consequence = spentText(spent, open, context);
  const kind = kindOf(error);
  // A command to type comes last.
  const sentences = reason.endsWith('.') ? [reason, consequence, ...wayOut] : [consequence, reason];
  return {
    version: 1,
    failedAt: Math.floor(nowMs / 1000),
    spent,
    error: commandError(kind, safeLine(sentences.join(' ')), detailsOf(error)),
    redemption: redemption && redeemAttempt(redemption),
  };
}

/** Returns the exit code, as `redeem --help` explains it. */
export function failureExitCode({ error: { kind }, spent, redemption }: RedeemFailure): 0 | 1 | 3 | 4 | 5 {
  if (isSignedOut(kind)) return 5;
  if (kind === 'interrupted' && spent === 'yes') return 0;
  const isOpen =
    kind === 'anotherIsOpen' ||
    kind === 'notAbandonable' ||
    (kind === 'journalUnavailable' && redemption !== null);
  if (spent !== 'no' || isOpen) return 4;
  return nothingSpentKinds.has(kind) ? 3 : 1;
}

const nothingSpentKinds = new Set([
  'declined',
  'needsForce',
  'noConsent',
  'ruleRevoked',
  'conditionsUnmet',
  'nothingOpen',
  'interrupted',
  'pending',
  'accountChanged',
  'staleRead',
  'creditUnavailable',
  'creditInvalid',
  'lockLost',
]);

/** Errors whose `redemption` is an earlier one. */
const aboutEarlierKinds = new Set(['pending', 'staleRead']);

/** Returns the details of a failed request, also if it is the cause of another error. */
function detailsOf(error: unknown): Omit<RedeemFailure['error']['data'], 'kind'> {
  const failed = error instanceof RedemptionError ? error.cause : error;
  return failed instanceof RequestError ? failed.details : {};
}

function hasWayOut(error: unknown): boolean {
  return error instanceof RedemptionError && error.canAbandon;
}

const unexpectedKind = 'internal';
const uncertainKinds = new Set([unexpectedKind, 'finishedElsewhere']);

function spentDespite(
  error: unknown,
  redemption: Redemption | null,
  isJournalKnown: boolean,
): RedeemFailure['spent'] {
  const kind = kindOf(error);
  if (redemption && !aboutEarlierKinds.has(kind)) return spentBy(redemption);
  if (isInterruption(error) && !isJournalKnown) return 'unknown';
  return uncertainKinds.has(kind) ? 'unknown' : 'no';
}

function isInterruption(error: unknown): boolean {
  return error instanceof RedeemStop && error.kind === 'interrupted';
}

function kindOf(error: unknown): string {
  const isExpected =
    error instanceof RedemptionError ||
    error instanceof RequestError ||
    error instanceof ConnectionError ||
    error instanceof RedeemStop;
  if (isExpected) return error.kind;
  return error instanceof CodexHomeError ? 'configInvalid' : unexpectedKind;
}

function spentText(
  spent: RedeemFailure['spent'],
  open: Redemption | undefined,
  { nowMs, textStyle }: RenderContext,
): string {
  if (open) {
    const at = localTime(open.startedAtMs / 1000, nowMs, textStyle);
    return `The attempt of ${at} is open: it may have used a credit. Run redeem again to finish it; that uses no second credit.`;
  }
  if (spent === 'yes') return 'A credit was used; redeem --history shows it.';
  return spent === 'no' ? 'No credit was used.' : 'Run redeem again to finish any open attempt.';
}

function reasonOf(error: unknown, context: RenderContext & Pick<FailureContext, 'loginProblem'>): string {
  if (error instanceof RedemptionError) return redemptionSentence(error, context);
  if (error instanceof RequestError) {
    const { loginProblem: explanation } = context;
    const why = explanation === undefined ? {} : { explanation };
    return failureSentence({ ...why, ...error.details, kind: error.kind }, error.message, 'redeem');
  }
  if (error instanceof ConnectionError) return `${capitalized(error.message)}.`;
  if (error instanceof RedeemStop) return stopSentence(error);
  if (error instanceof CodexHomeError) return `${error.message}.`;
  return 'An internal error.';
}

function stopSentence({ kind, message }: RedeemStop): string {
  switch (kind) {
    case 'needsForce':
      return `Not redeemed. ${message} --force redeems nevertheless.`;
    case 'noConsent':
    case 'ruleRevoked':
    case 'conditionsUnmet':
      return message;
    default:
      return stopSentences[kind];
  }
}

const stopSentences = {
  declined: 'Not redeemed.',
  nothingOpen: 'No attempt is open.',
  interrupted: 'Cancelled.',
  finishedElsewhere: 'Another process has finished this attempt: redeem --history shows the result.',
} as const;

function redemptionSentence(error: RedemptionError, { nowMs, textStyle }: RenderContext): string {
  const { kind, redemption, cause } = error;
  const time = (ms: number | null | undefined): string => localTime((ms ?? nowMs) / 1000, nowMs, textStyle);
  switch (kind) {
    case 'anotherIsOpen':
      return redemption
        ? 'An attempt with another credit is open. Run redeem without --credit to finish it.'
        : 'Another process is redeeming a credit right now.';
    case 'pending': {
      const redeemedAtMs = redemption?.redeemedAtMs;
      const until = time((redeemedAtMs ?? nowMs) + pendingLimitMs);
      return `The windows of the redemption of ${time(redeemedAtMs)} may still be reset, until ${until}; no other redemption is started before.`;
    }
    case 'accountChanged':
      return 'The signed-in account has changed.';
    case 'staleRead':
      return 'Another redemption was made in the meantime. Check the limits again.';
    case 'creditUnavailable':
      return 'That credit is no longer available.';
    case 'outcomeUnknown':
      return `It is not known whether a credit was used. ${cause === undefined ? '' : reasonOf(cause, { nowMs, textStyle })}`.trim();
    default:
      return `${capitalized(error.message)}.`;
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
