import { decideRedemption } from '../../../client/library.js';
import type { RedeemDryRun } from '../../../protocol/schema/reports/redeem-rules.js';
import { safeJson } from '../../../util/text/safe-text.js';
import type { RedeemIo } from '../../io.js';
import { plainText } from '../../terminal/plain-text.js';
import { print } from '../../terminal/print.js';
import { paint, type TextStyle, textStyleFor } from '../../terminal/text-style.js';
import { withoutJoints, wrapped } from '../../terminal/wrapped-text.js';
import { reportFailure } from '../output.js';
import { withClient } from '../with-client.js';
import type { RuleChoice } from './arguments.js';
import { conditionText } from './condition-texts.js';
import { consentState, readRuleFacts } from './identity.js';

type DryRunChoice = Extract<RuleChoice, { readonly kind: 'dryRun' }> & { readonly isJson: boolean };

/** Says what a rule would do now, and why. Resolves with the exit code: 0 if it would redeem, 3 if not. */
export function dryRun(codexHome: string, choice: DryRunChoice, io: RedeemIo): Promise<number> {
  const { rule, text, isJson } = choice;
  return withClient(io, async (client, signal) => {
    let report: RedeemDryRun;
    try {
      const facts = await readRuleFacts(client, { codexHome, text, isStored: false }, signal);
      const nowMs = io.clock.nowMs();
      const decision = decideRedemption({ ...facts, rule, consent: consentState(facts.consent) }, nowMs);
      const { creditId, conditions } = decision;
      const checkedAt = Math.floor(nowMs / 1000);
      const wouldRedeem = creditId !== null;
      report = { version: 1, checkedAt, rule: text, wouldRedeem, creditId, conditions: [...conditions] };
    } catch (error) {
      return reportFailure(error, isJson, io);
    }
    const lines = isJson
      ? [safeJson(report, 2)]
      : dryRunLines(report, choice, textStyleFor(io.stdout, io.env));
    await print(io.stdout, `${lines.join('\n')}\n`);
    return report.wouldRedeem ? 0 : 3;
  });
}

function dryRunLines(
  { creditId, conditions }: RedeemDryRun,
  { rule, text }: DryRunChoice,
  textStyle: TextStyle,
): string[] {
  const end =
    creditId === null ? 'It would redeem nothing now.' : `It would redeem the credit ${creditId} now.`;
  return [
    ...wrapped(plainText(`Rule: ${text}`, textStyle), textStyle.columns),
    ...conditions.flatMap((each) => {
      const style = each.isMet ? 'green' : 'yellow';
      const paragraph = plainText(conditionText(each, rule), textStyle);
      const prefix = { first: each.isMet ? 'yes  ' : 'no   ', next: '     ' };
      return wrapped(paragraph, textStyle.columns, prefix).map((line) => paint(style, line, textStyle));
    }),
    ...wrapped(plainText(end, textStyle), textStyle.columns),
  ].map(withoutJoints);
}
