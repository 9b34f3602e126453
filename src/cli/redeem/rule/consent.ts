import type { AccountClient } from '../../../client/library.js';
import type { RedemptionConsent } from '../../../client/record/consent.js';
import { giveConsent } from '../../../client/redemption/consents.js';
import { listConsents } from '../../../client/redemption/journal.js';
import type { RedemptionRule } from '../../../limits/rules/rule-conditions.js';
import type { RedeemIo } from '../../io.js';
import { createPrompts } from '../../terminal/clack-prompts.js';
import { plainText } from '../../terminal/plain-text.js';
import { textStyleFor } from '../../terminal/text-style.js';
import { duration } from '../../terminal/times.js';
import { withoutJoints, wrapped } from '../../terminal/wrapped-text.js';
import { RedeemStop } from '../failure.js';
import { consentOption, type RuleChoice } from './arguments.js';
import { readRuleFacts } from './identity.js';

type AskedRule = Extract<RuleChoice, { readonly kind: 'rule' }> & { readonly isJson: boolean };

/**
 * Checks that there is a way to agree to the rule, before anything is read.
 *
 * @throws RedeemStop `noConsent` if there is no terminal, no consent is recorded and `--consent` was not given
 * @throws RedemptionError if the journal cannot be read
 */
export function requireWayToAgree(codexHome: string, choice: AskedRule, io: RedeemIo): void {
  const { text, isNamed, isJson } = choice;
  if (isNamed || canAsk(isJson, io)) return;
  if (listConsents(codexHome).some((each) => each.rule === text && each.revokedAtMs === null)) return;
  throw new RedeemStop('noConsent', noTerminal(choice));
}

/**
 * Returns the consent of the signed-in user to the rule. Without one, asks for it, or records that of `--consent`.
 *
 * @throws RedeemStop `declined`, `noConsent`, `ruleRevoked`; what the client throws; RedemptionError if the journal
 *   cannot be written
 */
export async function obtainConsent(
  client: AccountClient,
  choice: AskedRule,
  {
    codexHome,
    io,
    signal,
  }: { readonly codexHome: string; readonly io: RedeemIo; readonly signal: AbortSignal },
): Promise<RedemptionConsent> {
  const { rule, text, isJson } = choice;
  const { account, consent } = await readRuleFacts(client, { codexHome, text, isStored: false }, signal);
  if (consent?.revokedAtMs === null) return consent;
  // A service that starts again with --consent must not undo what its user has revoked, or agree for another user.
  const isNamed = choice.isNamed && !listConsents(codexHome).some((each) => each.rule === text);
  if (!isNamed) {
    if (!canAsk(isJson, io)) {
      throw consent
        ? new RedeemStop('ruleRevoked', revokedText)
        : new RedeemStop('noConsent', noTerminal(choice));
    }
    await ask(rule, text, { io, isJson, signal, wasRevoked: consent !== undefined });
  }
  const { clock, random, env } = io;
  return giveConsent(
    { codexHome, clock, random, searchPath: env.PATH, signal },
    { account, rule: text, source: isNamed ? 'option' : 'terminal' },
  );
}

function canAsk(isJson: boolean, { stdin, stdout, stderr }: RedeemIo): boolean {
  return stdin.isTTY === true && (isJson ? stderr : stdout).isTTY === true;
}

export const revokedText = 'This rule was revoked. Only on a terminal can you agree to it again.';

function noTerminal({ text, isNamed }: Pick<AskedRule, 'text' | 'isNamed'>): string {
  return isNamed
    ? 'In this CODEX_HOME another user has agreed to this rule, so that --consent does not count. Agree on a terminal.'
    : `You have not agreed to this rule with this login, and there is no terminal to ask on. Agree on a terminal, or with ${consentOption(text)}.`;
}

/** @throws RedeemStop `declined` */
async function ask(
  rule: RedemptionRule,
  text: string,
  {
    io,
    isJson,
    signal,
    wasRevoked,
  }: { io: RedeemIo; isJson: boolean; signal: AbortSignal; wasRevoked: boolean },
): Promise<void> {
  const output = isJson ? io.stderr : io.stdout;
  const textStyle = textStyleFor(output, io.env);
  const prompts = createPrompts(io.env, { input: io.stdin, output, signal, textStyle });
  const show = (paragraph: string): void =>
    prompts.show(wrapped(plainText(paragraph, textStyle), prompts.columns).map(withoutJoints));
  prompts.open('Redeem by a rule');
  show(`The rule: ${text}`);
  if (wasRevoked) show('You have revoked this rule before.');
  for (const paragraph of consentWords(rule)) show(paragraph);
  if (!(await prompts.confirm('Do you agree?'))) {
    prompts.close([]);
    signal.throwIfAborted();
    throw new RedeemStop('declined');
  }
  prompts.close(['redeem --rules lists this rule, redeem --revoke ends it.']);
}

/** Says what a user agrees to. */
function consentWords({ when, creditId, keep, minGainSecs, atMost }: RedemptionRule): string[] {
  const what = creditId === null ? 'reset credits of this account' : `the reset credit ${creditId}`;
  const order = creditId === null ? ' Each time it uses the credit that expires first.' : '';
  const stay = keep === 0 ? 'It may use the last credit.' : `Credits that always stay: ${keep}.`;
  const gain = `It redeems only if the windows would not reset by themselves within ${time(minGainSecs)}.`;
  const most = `At most ${atMost.count} within ${time(atMost.withinSecs)}, those that you redeem yourself too.`;
  return [
    `This will redeem ${what} by itself, without asking, ${whenWords(when)}.${order}`,
    `${stay} ${gain} ${most}`,
    'It does so for as long as this command runs, and whenever it is started again with this rule. A credit that was used does not come back.',
  ];
}

function whenWords(when: RedemptionRule['when']): string {
  switch (when.kind) {
    case 'blocked':
      return 'when the rate limit blocks use';
    case 'expiring':
      return `when a credit expires within ${time(when.withinSecs)}, however little of the windows is used`;
    case 'tightest':
      return `when at most ${when.leftPercent} % are left of the window that binds`;
  }
}

function time(secs: number): string {
  return duration(secs * 1000);
}
