import { isStale } from './windows.js';

/** The monthly budget of an account, in credits or in a currency. */
export interface SpendBudget {
  /** The amounts as text of the backend. */
  readonly limit: string;
  /** Null once the budget has started again: its use is then unknown. So are the next two. */
  readonly used: string | null;
  /** Null also if the backend's texts are not decimal numbers. */
  readonly left: string | null;
  readonly usedPercent: number | null;
  /** Unix seconds. */
  readonly resetsAt: number;
}

/**
 * Returns the budget of a limit as of `nowMs`; null if it has none, or if it cannot be read.
 *
 * @example
 * const budget = spendBudget(limits.rateLimits);
 * if (budget) console.log(`${budget.left ?? 'unknown'} of ${budget.limit} left`);
 */
export function spendBudget(
  {
    individualLimit,
  }: {
    readonly individualLimit: {
      readonly limit: string;
      readonly used: string;
      readonly remainingPercent: number;
      readonly resetsAt: number;
    } | null;
  },
  nowMs = Date.now(),
): SpendBudget | null {
  if (!individualLimit) return null;
  const { limit, used, remainingPercent, resetsAt } = individualLimit;
  if (isStale(individualLimit, nowMs)) return { limit, used: null, left: null, usedPercent: null, resetsAt };
  return { limit, used, left: difference(limit, used), usedPercent: 100 - remainingPercent, resetsAt };
}

/** Rounds a decimal number to two places, in text of any length. Another text stays as it is. */
export function roundedAmount(text: string): string {
  const decimal = decimalFrom(text);
  if (!decimal || decimal.places <= 2) return text;
  const unit = 10n ** BigInt(decimal.places - 2);
  const half = decimal.units < 0n ? -unit / 2n : unit / 2n;
  return written({ units: (decimal.units + half) / unit, places: 2 });
}

/** A decimal number: `units` divided by ten to the power of `places`. */
interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

/** Subtracts without rounding. Null if one of the texts is not a decimal number. */
function difference(one: string, other: string): string | null {
  const [from, by] = [decimalFrom(one), decimalFrom(other)];
  if (!from || !by) return null;
  const places = Math.max(from.places, by.places);
  const scaled = (decimal: Decimal): bigint => decimal.units * 10n ** BigInt(places - decimal.places);
  return written({ units: scaled(from) - scaled(by), places });
}

const longestDecimal = 200;

function decimalFrom(text: string): Decimal | undefined {
  if (text.length > longestDecimal) return undefined;
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : { units: BigInt(whole + fraction), places: fraction.length };
}

function written({ units, places }: Decimal): string {
  const digits = `${units < 0n ? -units : units}`.padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
