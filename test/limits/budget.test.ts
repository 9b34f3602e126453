import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundedAmount, spendBudget } from '../../src/limits/budget.js';

const limitOf = (limit: string, used: string, remainingPercent = 76) => ({
  individualLimit: { limit, used, remainingPercent, resetsAt: 2_000 },
});

test.each([
  ['500', '120', '380'],
  ['15000', '3831.746052503586', '11168.253947496414'],
  ['25', '25.5', '-0.5'],
  [
    '100000000000000000000000000000',
    '0.000000000000000000000000000001',
    `${'9'.repeat(29)}.${'9'.repeat(30)}`,
  ],
  ['12.50', '2.50', '10.00'],
  ['-5', '-3', '-2'],
  ['$25.00', '$3.10', null],
  ['25 EUR', '3', null],
  ['1e3', '1', null],
  ['25', '', null],
  ['NaN', 'Infinity', null],
  ['9'.repeat(201), '1', null],
])('of %s with %s used, %s are left', (limit, used, left) => {
  expect(spendBudget(limitOf(limit, used), 0)).toEqual({
    limit,
    used,
    left,
    usedPercent: 24,
    resetsAt: 2_000,
  });
});

test('the rest of a budget is exact', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 40n }),
      fc.bigInt({ min: 0n, max: 10n ** 40n }),
      (limit, used) => {
        expect(spendBudget(limitOf(`${limit}`, `${used}`), 0)?.left).toBe(`${limit - used}`);
      },
    ),
  );
});

test('the use of a budget is unknown once its reset time has passed', () => {
  const at = (nowMs: number) => spendBudget(limitOf('500', '120'), nowMs);
  expect(at(1_999_999)?.usedPercent).toBe(24);
  expect(at(2_000_000)).toEqual({ limit: '500', used: null, left: null, usedPercent: null, resetsAt: 2_000 });
  expect(spendBudget({ individualLimit: null }, 0)).toBeNull();
});

test.each([
  ['3831.746052503586', '3831.75'],
  ['-0.005', '-0.01'],
  ['0.994999', '0.99'],
  ['999.999', '1000.00'],
  ['12.5', '12.5'],
  ['120', '120'],
  [`${'1'.repeat(30)}.126`, `${'1'.repeat(30)}.13`],
  ['$25.123', '$25.123'],
])('%s is shown as %s', (amount, shown) => {
  expect(roundedAmount(amount)).toBe(shown);
});
