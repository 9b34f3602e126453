import type { RedemptionRule, RuleTrigger } from '../../../limits/rules/rule-conditions.js';
import { creditIdProblem } from '../../../client/record/redemption.js';
import { readDuration } from '../../terminal/duration-text.js';

export interface RuleValues {
  readonly when: string;
  readonly credit?: string | undefined;
  readonly keep?: string | undefined;
  readonly 'min-gain'?: string | undefined;
  readonly 'at-most'?: string | undefined;
}

const hourSecs = 3_600;
const daySecs = 24 * hourSecs;

/** A mistake of the rule costs at most one credit before its user can notice it. */
const usualAtMost = { count: 1, withinSecs: daySecs };
const usualMinGainSecs = 2 * hourSecs;

/** Reads a rule from the options of `redeem --when`. @throws Error whose message says what is wrong */
export function readRule(values: RuleValues): RedemptionRule {
  const { credit: creditId, keep, 'min-gain': minGain, 'at-most': atMost } = values;
  const when = readTrigger(values.when);
  const problem = creditId === undefined ? undefined : creditIdProblem(creditId);
  if (problem !== undefined) throw new Error(`--credit takes the id of a credit: ${problem}`);
  return {
    when,
    creditId: creditId ?? null,
    keep: keep === undefined ? usualKeep(when) : readCount('--keep', keep, 0),
    minGainSecs: minGain === undefined ? usualMinGainSecs : readDuration('--min-gain', minGain) / 1000,
    atMost: atMost === undefined ? usualAtMost : readAtMost(atMost),
  };
}

/** Returns how many credits stay by default: the last one, which people miss. One that would expire cannot be kept. */
function usualKeep({ kind }: RuleTrigger): number {
  return kind === 'expiring' ? 0 : 1;
}

function readTrigger(text: string): RuleTrigger {
  const [, name = '', value] = /^([a-z]+)(?::(.+))?$/.exec(text) ?? [];
  if (name === 'blocked' && value === undefined) return { kind: 'blocked' };
  if (name === 'expiring' && value !== undefined)
    return { kind: 'expiring', withinSecs: readDuration('--when expiring:', value) / 1000 };
  if (name === 'tightest' && value !== undefined) {
    const left = /^\d{1,2}$/.test(value) ? Number(value) : NaN;
    if (left <= mostLeftPercent) return { kind: 'tightest', leftPercent: left };
    throw new Error(`--when tightest: takes 0 to ${mostLeftPercent} percent, not '${value}'`);
  }
  throw new Error(`--when takes blocked, expiring:TIME or tightest:PERCENT, not '${text}'`);
}

/** With more left, a reset would throw away most of a window. */
const mostLeftPercent = 50;

function readAtMost(text: string): RedemptionRule['atMost'] {
  const [, count = '', time = ''] = /^(\d+)\/(.+)$/.exec(text) ?? [];
  if (count === '') throw new Error(`--at-most takes a number and a time, such as 1/7d, not '${text}'`);
  return {
    count: readCount('--at-most', count, 1),
    withinSecs: readDuration('--at-most', time) / 1000,
  };
}

const mostCredits = 1_000;

function readCount(option: string, text: string, least: number): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= mostCredits) return count;
  throw new Error(`${option} takes a number of credits from ${least} to ${mostCredits}, not '${text}'`);
}

/** Writes a rule in words that are the same for the same rule, as `--consent` takes it. */
export function ruleText({ when, creditId, keep, minGainSecs, atMost }: RedemptionRule): string {
  return [
    triggerText(when),
    `keep=${keep}`,
    `min-gain=${timeText(minGainSecs)}`,
    `at-most=${atMost.count}/${timeText(atMost.withinSecs)}`,
    ...(creditId === null ? [] : [`credit=${creditId}`]),
  ].join(' ');
}

function triggerText(when: RuleTrigger): string {
  switch (when.kind) {
    case 'blocked':
      return 'blocked';
    case 'expiring':
      return `expiring:${timeText(when.withinSecs)}`;
    case 'tightest':
      return `tightest:${when.leftPercent}`;
  }
}

/** Writes a time in the largest unit that fits it: `2h`, `90m`. */
export function timeText(secs: number): string {
  if (secs % daySecs === 0) return `${secs / daySecs}d`;
  if (secs % hourSecs === 0) return `${secs / hourSecs}h`;
  return secs % 60 === 0 ? `${secs / 60}m` : `${secs}s`;
}
