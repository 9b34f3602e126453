import type { RedemptionRule } from '../../../limits/rules/rule-conditions.js';
import { readRule, ruleText } from './rule-text.js';

export type RuleChoice =
  | {
      readonly kind: 'rule';
      readonly rule: RedemptionRule;
      /** The rule in the words of `--consent`. */
      readonly text: string;
      /** Whether `--consent` has named it. */
      readonly isNamed: boolean;
    }
  | { readonly kind: 'dryRun'; readonly rule: RedemptionRule; readonly text: string }
  | { readonly kind: 'rules' }
  | { readonly kind: 'revoke'; readonly which: number | 'all' };

interface Values {
  readonly when?: string | undefined;
  readonly credit?: string | undefined;
  readonly keep?: string | undefined;
  readonly 'min-gain'?: string | undefined;
  readonly 'at-most'?: string | undefined;
  readonly consent?: string | undefined;
  readonly 'dry-run': boolean;
  readonly rules: boolean;
  readonly revoke: boolean;
  readonly yes: boolean;
  readonly force: boolean;
  readonly history: boolean;
  readonly evidence: boolean;
  readonly abandon?: string | undefined;
}

const rulePartNames = ['keep', 'min-gain', 'at-most', 'consent', 'dry-run'] as const;

/**
 * Reads the options about rules; undefined without any.
 *
 * @param revokedId the value of `--revoke`
 * @throws Error whose message says what is wrong
 */
export function ruleChoiceFrom(values: Values, revokedId: string): RuleChoice | undefined {
  const actions = (['when', 'rules', 'revoke'] as const).filter((name) => isGiven(values[name]));
  const [action, second] = actions;
  const part = rulePartNames.find((name) => isGiven(values[name]));
  if (action !== 'when' && part !== undefined) throw new Error(`--${part} is for --when`);
  if (action === undefined) return undefined;
  const other =
    second ??
    (['history', 'evidence', 'abandon', 'force'] as const).find((name) => isGiven(values[name])) ??
    (action !== 'when' && isGiven(values.credit) ? 'credit' : undefined);
  if (other !== undefined) throw new Error(`--${action} and --${other} exclude each other`);
  if (action !== 'when') {
    if (values.yes) throw new Error(`--${action} and --yes exclude each other`);
    if (action === 'rules') return { kind: 'rules' };
    return { kind: 'revoke', which: revokedId === 'all' ? 'all' : Number(revokedId) };
  }
  const rule = readRule({ ...values, when: values.when ?? '' });
  const text = ruleText(rule);
  if (values.yes) throw new Error(`--yes does not say to which rule you agree; ${consentOption(text)} does`);
  const { consent, 'dry-run': isDryRun } = values;
  if (consent !== undefined && isDryRun) throw new Error('--dry-run and --consent exclude each other');
  if (consent !== undefined && consent !== text) {
    throw new Error(`--consent names another rule; this one is ${consentOption(text)}`);
  }
  return isDryRun
    ? { kind: 'dryRun', rule, text }
    : { kind: 'rule', rule, text, isNamed: consent !== undefined };
}

/** Writes the option with which a script agrees to a rule. */
export function consentOption(text: string): string {
  return `--consent '${text.replaceAll("'", "'\\''")}'`;
}

function isGiven(value: string | boolean | undefined): boolean {
  return value !== undefined && value !== false;
}
