import type { AccountClient, RedeemResult } from '../../../client/library.js';
import { RedemptionError } from '../../../client/library.js';
import { isSameAccount } from '../../../client/redemption/account.js';
import type { RedemptionConsent } from '../../../client/record/consent.js';
import { journalSequence } from '../../../client/redemption/journal.js';
import type { RedemptionRule, RuleCondition } from '../../../limits/rules/rule-conditions.js';
import { safeJson, safeLine } from '../../../util/text/safe-text.js';
import type { RedeemIo } from '../../io.js';
import { plainText } from '../../terminal/plain-text.js';
import { print } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import { localTime } from '../../terminal/times.js';
import { withoutJoints } from '../../terminal/wrapped-text.js';
import { redeemFailure, type RedeemStop } from '../failure.js';
import { redeemReport } from '../report.js';
import { outcomeLines } from '../view.js';
import { conditionText } from './condition-texts.js';

/** The output of a process that redeems by a rule: what it did on stdout, and why it waits on stderr. */
export interface RuleOutput {
  redeemed(result: RedeemResult): Promise<void>;
  /** A failure after which it goes on. On stdout if a credit may have been used. */
  failed(error: unknown, client: AccountClient): Promise<void>;
  /** The conditions are printed if others are unmet than before. */
  unmet(conditions: readonly RuleCondition[], rule: RedemptionRule): void;
  /** It was decided otherwise under the lock. */
  declined(stop: RedeemStop): void;
}

export function createRuleOutput(options: {
  readonly codexHome: string;
  readonly consent: RedemptionConsent;
  readonly isJson: boolean;
  readonly io: RedeemIo;
}): RuleOutput {
  const { codexHome, consent, isJson, io } = options;
  const { stdout, stderr, env, clock } = io;
  const sinceSequence = journalSequence(codexHome);
  let last: string | undefined;

  /** Prints a sentence for a log, unless it is about the same as the one before. */
  function note(sentence: string, about = sentence): void {
    if (about === last) return;
    last = about;
    const textStyle = textStyleFor(stderr, env);
    stderr.write(`${withoutJoints(plainText(safeLine(sentence), textStyle))}\n`);
  }

  return {
    async redeemed(result) {
      last = undefined;
      const nowMs = clock.nowMs();
      const report = redeemReport(result, nowMs);
      const textStyle = textStyleFor(stdout, env);
      const title = `${localTime(nowMs / 1000, nowMs, textStyle)}, rule ${consent.id}: credit ${report.redemption.creditId ?? 'of the backend'}`;
      const lines = [plainText(title, textStyle), ...outcomeLines(report, { nowMs, textStyle })];
      await print(stdout, `${isJson ? safeJson(report) : lines.join('\n')}\n`);
    },
    async failed(error, client) {
      const all = await client.redemptions().catch(() => undefined);
      const journal = all?.filter((each) => isSameAccount(each.account, consent.account));
      const now = { nowMs: clock.nowMs(), textStyle: textStyleFor(stderr, env) };
      const failure = redeemFailure(error, { journal, sinceSequence, ...now });
      const wasSent = error instanceof RedemptionError && error.kind === 'outcomeUnknown';
      if (wasSent && isJson) await print(stdout, `${safeJson(failure)}\n`);
      note(failure.error.message);
    },
    unmet(conditions, rule) {
      const all = conditions.filter(({ isMet }) => !isMet);
      const trigger = all.find(({ kind }) => kind === 'trigger');
      // Before it the others say little.
      const unmet = trigger ? [trigger] : all;
      const sentences = unmet.map((each) => conditionText(each, rule)).join(' ');
      note(`Waiting. ${sentences}`, unmet.map(({ kind }) => kind).join(' '));
    },
    declined: (stop) => note(`Not redeemed. ${stop.message}`),
  };
}
