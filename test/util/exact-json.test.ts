import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editedJson } from '../../src/util/exact-json.js';

test.each(['12345678901234567890', '1.10', '-0', '1e400', '6.02E+23', '0.1', '-7'])(
  'the number %s stays as it was written',
  (number) => {
    expect(editedJson(`{"a":[${number}],"b":"${number}"}`, (value) => ({ ...(value as object), c: 1 }))).toBe(
      `{\n  "a": [\n    ${number}\n  ],\n  "b": "${number}",\n  "c": 1\n}`,
    );
  },
);

test('what is no number is written as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(editedJson(JSON.stringify(value), (same) => same))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

test('a string that looks like a number carried through stays a string', () => {
  const text = JSON.stringify({ 'a\u0000number 1': ['\u0000number 1'] }, null, 2);
  expect(editedJson(text, (same) => same)).toBe(text);
});
