import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochSeconds } from '../../../src/util/text/rfc3339.js';

const firstYear = new Date('0000-01-01T00:00:00Z');
const lastYear = new Date('9999-12-31T23:59:59.999Z');

test('every time in a four-digit year is read, rounded down to seconds', () => {
  fc.assert(
    fc.property(fc.date({ min: firstYear, max: lastYear, noInvalidDate: true }), (date) => {
      expect(epochSeconds(date.toISOString())).toBe(Math.floor(date.getTime() / 1000));
    }),
  );
});

test('an offset is subtracted', () => {
  const minute = fc.integer({ min: 0, max: 23 * 60 + 59 });
  fc.assert(
    fc.property(fc.constantFrom('+', '-'), minute, (sign, minutes) => {
      const hoursText = `${Math.floor(minutes / 60)}`.padStart(2, '0');
      const minutesText = `${minutes % 60}`.padStart(2, '0');
      const seconds = epochSeconds(`1970-01-01T00:00:00${sign}${hoursText}:${minutesText}`);
      expect(seconds).toBe(minutes === 0 ? 0 : minutes * (sign === '+' ? -60 : 60));
    }),
  );
});

test('any other text is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(epochSeconds(text)).toBe(undefined);
    }),
  );
});
