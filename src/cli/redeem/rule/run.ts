import { claimOf } from '../../../client/record/state.js';
import { listRedemptions } from '../../../client/redemption/journal.js';
import type { RedemptionConsent } from '../../../client/record/consent.js';
import type { RedeemIo } from '../../io.js';
import { textStyleFor } from '../../terminal/text-style.js';
import { localTime } from '../../terminal/times.js';
import { RedeemStop } from '../failure.js';
import { reportFailure } from '../output.js';
import { withClient } from '../with-client.js';
import type { RuleChoice } from './arguments.js';
import { obtainConsent, requireWayToAgree } from './consent.js';
import { followRule } from './follow.js';
import { createRuleOutput } from './output.js';
import { createPermit } from './permit.js';

type AskedRule = Extract<RuleChoice, { readonly kind: 'rule' }> & { readonly isJson: boolean };

/**
 * Redeems by a rule until it is stopped. Resolves with the exit code: 0 after a signal, 3 without a consent, 5 if signed
 * out, 2 if there is no way to agree, 1 or 4 after a failure.
 */
export async function runRule(codexHome: string, choice: AskedRule, io: RedeemIo): Promise<number> {
  const { rule, text, isJson } = choice;
  try {
    requireWayToAgree(codexHome, choice, io);
  } catch (error) {
    const code = await reportFailure(error, isJson, io);
    return error instanceof RedeemStop ? 2 : code;
  }
  const permit = createPermit(rule, text, io.clock);
  return withClient(
    io,
    async (client, signal) => {
      try {
        const consent = await obtainConsent(client, choice, { codexHome, io, signal });
        io.stderr.write(`${startText(consent, io)}\n`);
        const output = createRuleOutput({ codexHome, consent, isJson, io });
        await followRule(client, { codexHome, rule, text, consent, output, io, signal });
        return 0;
      } catch (error) {
        if (signal.aborted) {
          noteOpenAttempt(codexHome, io);
          return 0;
        }
        return reportFailure(error, isJson, io);
      }
    },
    { permit },
  );
}

/** Says at the end that an attempt of a rule is open. */
function noteOpenAttempt(codexHome: string, { stderr, clock }: RedeemIo): void {
  const nowMs = clock.nowMs();
  const all = listRedemptions(codexHome, nowMs);
  if (!all.some((each) => each.ruleId !== null && claimOf(each, nowMs) === 'repeat')) return;
  stderr.write('An attempt is open: it may have used a credit. The next run finishes it with its key.\n');
}

function startText(
  { id, rule, account, givenAtMs }: RedemptionConsent,
  { stderr, env, clock }: RedeemIo,
): string {
  const at = localTime(givenAtMs / 1000, clock.nowMs(), textStyleFor(stderr, env));
  return `Rule ${id} is in force for account ${account.accountId}: ${rule}. You agreed to it ${at}; redeem --revoke ${id} ends it.`;
}
