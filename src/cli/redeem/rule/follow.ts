import {
  type AccountClient,
  decideRedemption,
  listWindows,
  RedemptionError,
  type RedeemResult,
} from '../../../client/library.js';
import { claimOf } from '../../../client/record/state.js';
import { isSameAccount } from '../../../client/redemption/account.js';
import type { RedemptionConsent } from '../../../client/record/consent.js';
import { passingFailure } from '../../../client/wait/wait-until-allowed.js';
import { changeSince } from '../../../limits/change.js';
import { boundedRetryAfterMs, nextWaitMs, watchIntervalSecs } from '../../../limits/pace.js';
import type { RedemptionRule } from '../../../limits/rules/rule-conditions.js';
import { pauseUntil } from '../../../util/wall-clock.js';
import type { RedeemIo } from '../../io.js';
import { RedeemStop } from '../failure.js';
import { revokedText } from './consent.js';
import { readRuleFacts, type RuleFacts } from './identity.js';
import type { RuleOutput } from './output.js';

export interface FollowedRule {
  readonly codexHome: string;
  readonly rule: RedemptionRule;
  /** The rule in the words of `--consent`. */
  readonly text: string;
  readonly consent: RedemptionConsent;
  readonly output: RuleOutput;
  readonly io: Pick<RedeemIo, 'clock' | 'random'>;
  readonly signal: AbortSignal;
}

const intervalMs = watchIntervalSecs.usual * 1000;

/**
 * Reads the limits at the pace of a watch, and redeems whenever the rule decides it. An attempt of this rule that was
 * left open is finished first.
 *
 * @throws the signal's reason; RedeemStop `ruleRevoked`, `noConsent`; a failure that does not pass
 */
export async function followRule(client: AccountClient, followed: FollowedRule): Promise<never> {
  const { codexHome, text, output, signal } = followed;
  const { clock, random } = followed.io;
  let last: RuleFacts['limits'] | undefined;
  let quietReads = 0;
  let failures = 0;
  for (;;) {
    let retryAfterMs: number | undefined;
    signal.throwIfAborted();
    try {
      const facts = await readRuleFacts(client, { codexHome, text, isStored: true }, signal);
      quietReads = changeSince(last, facts.limits).isQuiet ? quietReads + 1 : 0;
      last = facts.limits;
      await actOn(client, facts, followed);
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      const passing = passingEnd(error);
      if (!passing) throw error;
      retryAfterMs = passing.retryAfterMs && boundedRetryAfterMs(passing.retryAfterMs);
      failures += 1;
      await output.failed(error, client);
    }
    const nowMs = clock.nowMs();
    const windows = last ? listWindows(last.rateLimits, nowMs) : [];
    const pace = { intervalMs, failures, retryAfterMs, quietReads, windows, nowMs, random: random() };
    await pauseUntil(clock, nowMs + nextWaitMs(pace), signal);
  }
}

/** Finishes the open attempt of the rule, or redeems if the rule decides it. */
async function actOn(client: AccountClient, facts: RuleFacts, followed: FollowedRule): Promise<void> {
  const { rule, consent, output, io, signal } = followed;
  requireConsent(facts, consent);
  const nowMs = io.clock.nowMs();
  const open = facts.redemptions.find((each) => claims.has(claimOf(each, nowMs)));
  if (open?.ruleId === consent.id) {
    await report(client.resumeRedemption({ signal }));
    return;
  }
  const { creditId, conditions } = decideRedemption({ ...facts, rule, consent: 'given' }, nowMs);
  if (creditId === null) {
    output.unmet(conditions, rule);
    return;
  }
  await report(client.redeem({ creditId, basedOn: client.lastRead(), signal }));

  async function report(work: Promise<RedeemResult | null>): Promise<void> {
    let result: RedeemResult | null;
    try {
      result = await work;
    } catch (error) {
      // Under the lock it was decided otherwise: the next read is after the usual wait.
      if (!(error instanceof RedeemStop) || error.kind !== 'conditionsUnmet') throw error;
      output.declined(error);
      return;
    }
    if (result) await output.redeemed(result);
  }
}

const claims: ReadonlySet<string> = new Set(['repeat', 'finish']);

/** @throws RedeemStop if the consent was revoked, or if another user has signed in */
function requireConsent({ account, consent }: RuleFacts, given: RedemptionConsent): void {
  if (!isSameAccount(account, given.account)) {
    throw new RedeemStop(
      'noConsent',
      'Another account has signed in, whose user has not agreed to this process.',
    );
  }
  if (consent?.revokedAtMs !== null) throw new RedeemStop('ruleRevoked', revokedText);
  if (consent.id !== given.id) throw new RedeemStop('noConsent', 'The journal was replaced.');
}

/** Decides whether another try may succeed later without the user. Undefined if not. */
function passingEnd(error: unknown): { readonly retryAfterMs: number | undefined } | undefined {
  if (!(error instanceof RedemptionError)) return passingFailure(error);
  return passingKinds.has(error.kind) ? { retryAfterMs: undefined } : undefined;
}

/** With `accountChanged` the next read says who is signed in. */
const passingKinds: ReadonlySet<RedemptionError['kind']> = new Set([
  'accountChanged',
  'anotherIsOpen',
  'creditUnavailable',
  'lockLost',
  'outcomeUnknown',
  'pending',
  'staleRead',
]);
