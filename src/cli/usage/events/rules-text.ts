import type { EventRule } from '../../../limits/events/event-rules.js';
import { readDuration } from '../../terminal/duration-text.js';

const plain = {
  reached: 'reached',
  allowed: 'allowed',
  reset: 'reset',
  'credit-granted': 'creditGranted',
  failed: 'failed',
} as const;

/**
 * Reads the events of `--on`, such as `low:20,reached,credit-expiring:1d`.
 *
 * @throws Error whose message says what is wrong
 */
export function readRules(text: string): EventRule[] {
  const parts = text.split(',');
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice !== undefined) throw new Error(`--on names '${twice}' twice`);
  const rules = parts.map(readRule);
  const low = percentsOf(rules, 'low');
  // `critical` would never be reported for a window of which `low` was.
  if (low.length > 0 && Math.max(...percentsOf(rules, 'critical')) >= Math.min(...low))
    throw new Error('--on critical is not smaller than low');
  return rules;
}

function percentsOf(rules: readonly EventRule[], kind: 'low' | 'critical'): number[] {
  return rules.flatMap((rule) => (rule.kind === kind ? [rule.leftPercent] : []));
}

function readRule(text: string): EventRule {
  const [, name = '', value] = /^([a-z-]+)(?::(.+))?$/.exec(text) ?? [];
  if (value === undefined && Object.hasOwn(plain, name)) return { kind: plain[name as keyof typeof plain] };
  if (value !== undefined) {
    if (name === 'low' || name === 'critical') return { kind: name, leftPercent: percent(text, value) };
    if (name === 'spend') return { kind: name, usedPercent: percent(text, value) };
    if (name === 'credit-expiring') {
      return { kind: 'creditExpiring', withinSecs: readDuration(`--on ${name}:`, value) / 1000 };
    }
  }
  throw new Error(
    `--on takes low:N, critical:N, spend:N, reached, allowed, reset, credit-granted, credit-expiring:TIME and failed, separated by commas, not '${text}'`,
  );
}

function percent(text: string, value: string): number {
  const number = /^\d{1,3}$/.test(value) ? Number(value) : NaN;
  if (number <= 100) return number;
  throw new Error(`--on takes percentages from 0 to 100, not '${text}'`);
}
