import type { RedemptionConsent } from '../../../client/record/consent.js';
import { revokeConsents } from '../../../client/redemption/consents.js';
import { listConsents } from '../../../client/redemption/journal.js';
import type { RedeemRules } from '../../../protocol/schema/reports/redeem-rules.js';
import { neverAborted } from '../../../util/never-aborted.js';
import { safeJson } from '../../../util/text/safe-text.js';
import type { RedeemIo } from '../../io.js';
import { plainText } from '../../terminal/plain-text.js';
import { print } from '../../terminal/print.js';
import { type RenderContext, textStyleFor } from '../../terminal/text-style.js';
import { localTime } from '../../terminal/times.js';
import { wrapped } from '../../terminal/wrapped-text.js';
import type { RuleChoice } from './arguments.js';

/** Lists the rules that were agreed to. @throws RedemptionError if the journal cannot be read */
export async function showRules(
  codexHome: string,
  { isJson }: { isJson: boolean },
  io: RedeemIo,
): Promise<number> {
  await printRules(listConsents(codexHome), isJson, io, 'No rule was agreed to in this CODEX_HOME.');
  return 0;
}

/**
 * Revokes rules. Resolves with the exit code: 3 if there is no such rule in force.
 *
 * @throws RedemptionError if another process redeems for too long, or if the journal cannot be changed
 */
export async function revokeRules(
  codexHome: string,
  { which, isJson }: Extract<RuleChoice, { readonly kind: 'revoke' }> & { isJson: boolean },
  io: RedeemIo,
): Promise<number> {
  const { clock, random, env } = io;
  const options = { codexHome, clock, random, searchPath: env.PATH, signal: neverAborted };
  const revoked = await revokeConsents(options, which);
  const none = which === 'all' ? 'No rule is in force.' : `No rule with the number ${which} is in force.`;
  await printRules(revoked, isJson, io, none);
  return revoked.length > 0 ? 0 : 3;
}

async function printRules(
  consents: readonly RedemptionConsent[],
  isJson: boolean,
  { stdout, env, clock }: RedeemIo,
  none: string,
): Promise<void> {
  const newestFirst = consents.toReversed();
  const context = { nowMs: clock.nowMs(), textStyle: textStyleFor(stdout, env) };
  const lines = newestFirst.length === 0 ? [none] : newestFirst.flatMap((each) => ruleLines(each, context));
  const text = isJson ? safeJson(rulesReport(newestFirst), 2) : lines.join('\n');
  await print(stdout, `${text}\n`);
}

function ruleLines(consent: RedemptionConsent, { nowMs, textStyle }: RenderContext): string[] {
  const { id, rule, account, source, givenAtMs, revokedAtMs } = consent;
  const at = (ms: number): string => localTime(ms / 1000, nowMs, textStyle);
  const how = source === 'option' ? ' with --consent' : '';
  const end = revokedAtMs === null ? 'in force' : `revoked ${at(revokedAtMs)}`;
  return [
    ...wrapped(plainText(rule, textStyle), textStyle.columns, { first: `${id}  `, next: '   ' }),
    ...wrapped(
      plainText(`${end}; agreed to ${at(givenAtMs)}${how}, account ${account.accountId}`, textStyle),
      textStyle.columns,
      { first: '   ', next: '   ' },
    ),
  ];
}

function rulesReport(consents: readonly RedemptionConsent[]): RedeemRules {
  return {
    version: 1,
    rules: consents.map(({ id, account, rule, source, givenAtMs, revokedAtMs }) => ({
      id,
      accountId: account.accountId,
      userId: account.userId,
      rule,
      source,
      givenAt: Math.floor(givenAtMs / 1000),
      revokedAt: revokedAtMs === null ? null : Math.floor(revokedAtMs / 1000),
    })),
  };
}
