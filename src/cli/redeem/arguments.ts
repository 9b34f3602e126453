import { readOptions } from '../terminal/command-options.js';
import { isReason, maxReasonLength } from '../../client/redemption/abandon.js';
import { type RuleChoice, ruleChoiceFrom } from './rule/arguments.js';

export const redeemHelp = `Usage: codex-account-server redeem [--credit ID] [--yes [--force]] [--json]
       codex-account-server redeem --history [--json]
       codex-account-server redeem --evidence [N] [--json]
       codex-account-server redeem --abandon REASON [--json]
       codex-account-server redeem --when RULE [--credit ID] [--keep N]
           [--min-gain TIME] [--at-most N/TIME] [--consent RULE | --dry-run]
           [--json]
       codex-account-server redeem --rules | --revoke [ID|all] [--json]

Redeems one of your reset credits. Lists the credits, shows how much of each
window is used and when it resets by itself, warns you if a reset would not
help, and asks you to confirm.

An attempt uses at most one credit. It is recorded in CODEX_HOME before it is
sent, and the next call finishes it if it was interrupted.

  --credit ID   the credit to redeem; usage lists the ids
  --yes         do not ask, even if use is allowed. The backend chooses the
                credit unless --credit is given. Required without a terminal
  --force       with --yes: redeem even if there is a warning, because a spend
                limit or missing workspace credits block use, or nothing is
                used, or what is used resets by itself within 30 minutes, or
                the last redemption was undone
  --json        print the result as JSON (version 1,
                schema/json/RedeemOutput.json); questions go to stderr
  --history     list past and open attempts, newest first
  --evidence N  show an attempt and what was read before and after it, to be
                pasted in a report: no account, key or token is in it. N
                counts as --history does: 1, the default, is the newest
  --abandon REASON
                give up the open attempt, and record why. Possible after 15
                minutes if the limits show that it used no credit, and after 4
                hours in any case
  -h, --help    show this help

By itself, for as long as it runs:
  --when RULE   redeem without asking when RULE holds: blocked (the rate limit
                blocks use), expiring:6h (the credit expires within 6 hours),
                or tightest:3 (at most 3 % are left of what binds). The first
                run asks whether you agree
  --keep N      how many credits always stay: 1, or 0 with expiring
  --min-gain T  only if the windows would not reset by themselves within this
                time: 2h
  --at-most N/T at most N redemptions in this time, those by hand too: 1/1d
  --consent R   agree without a terminal, in the words of the rule
  --dry-run     say what it would do now, and why; redeem and write nothing
  --rules       list the rules that were agreed to
  --revoke [ID] end one of them, or all

Exit codes: 0 this attempt used a credit; 1 any other failure; 2 wrong usage,
or no terminal to ask on; 3 no credit was used; 4 not known, or an attempt is
open: run it again; 5 signed out. --history: 0, or 4 while an attempt is open.
--evidence: 0, or 3 if there is no such attempt.
--abandon: 0, or 3 if no attempt is open, or 4 if it cannot be given up yet.
--when: 0 ended by a signal, 3 no consent. --dry-run: 0 it would redeem, or 3.
--revoke: 0, or 3 if there is no such rule, or 4 while a redemption runs.

Ctrl-C is safe at any time. If an attempt stays open, redeem says so, and the
next call finishes it.

Colours are for terminals (NO_COLOR, FORCE_COLOR), Unicode for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG). Times are in the time zone TZ.
`;

export type RedeemChoice = { readonly isJson: boolean } & (
  | { readonly kind: 'history' }
  | {
      readonly kind: 'evidence';
      /** Which attempt: 1 is the newest. */
      readonly number: number;
    }
  | { readonly kind: 'abandon'; readonly reason: string }
  | RuleChoice
  | {
      readonly kind: 'redeem';
      readonly creditId: string | undefined;
      /** Whether `--yes` was given: nothing is asked. */
      readonly isAgreed: boolean;
      /** Whether `--force` was given: warnings do not matter. */
      readonly isForced: boolean;
    }
);

/** Reads the arguments of `redeem`; null for `--help`. @throws Error whose message says what is wrong */
export function readRedeemArguments(all: readonly string[]): RedeemChoice | null {
  const [withoutRevoke, revokedId = 'all'] = withoutValue(all, '--revoke', /^(?:[1-9]\d{0,8}|all)$/);
  const [args, evidence = '1'] = withoutValue(withoutRevoke, '--evidence', /^[1-9]\d{0,3}$/);
  const options = {
    credit: { type: 'string' },
    yes: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    history: { type: 'boolean', default: false },
    evidence: { type: 'boolean', default: false },
    abandon: { type: 'string' },
    when: { type: 'string' },
    keep: { type: 'string' },
    'min-gain': { type: 'string' },
    'at-most': { type: 'string' },
    consent: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
    revoke: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const values = readOptions(args, options);
  const {
    credit: creditId,
    yes: isAgreed,
    force: isForced,
    json: isJson,
    history: isHistory,
    abandon: reason,
  } = values;
  if (values.help) return null;
  if (creditId === '') throw new Error('--credit takes the id of a credit');
  const byRule = ruleChoiceFrom(values, revokedId);
  if (byRule) return { ...byRule, isJson };
  if (values.evidence) {
    if (isAgreed || isForced || isHistory || creditId !== undefined || reason !== undefined)
      throw new Error('--evidence takes no other option than --json');
    return { kind: 'evidence', number: Number(evidence), isJson };
  }
  if (!isHistory && reason === undefined) {
    if (isForced && !isAgreed) throw new Error('--force is for --yes');
    return { kind: 'redeem', creditId, isAgreed, isForced, isJson };
  }
  if (isAgreed || isForced || creditId !== undefined || (isHistory && reason !== undefined)) {
    throw new Error(`${isHistory ? '--history' : '--abandon'} takes no other option than --json`);
  }
  if (reason === undefined) return { kind: 'history', isJson };
  if (!isReason(reason)) throw new Error(`--abandon takes a reason of 1 to ${maxReasonLength} characters`);
  return { kind: 'abandon', reason, isJson };
}

/** Takes out the value of an option that may have one: an option of `readOptions` has a value always or never. */
function withoutValue(
  given: readonly string[],
  option: string,
  pattern: RegExp,
): readonly [args: readonly string[], value: string | undefined] {
  const args = given.flatMap((arg) => (arg.startsWith(`${option}=`) ? arg.split('=', 2) : arg));
  const index = args.indexOf(option);
  const next = index === -1 ? undefined : args[index + 1];
  if (next === undefined || !pattern.test(next)) return [args, undefined];
  return [args.toSpliced(index + 1, 1), next];
}
