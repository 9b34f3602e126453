import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editedJson } from '../../../src/util/json/exact-json.js';

test.each(['12345678901234567890', '1.10', '-0', '1e400', '6.02E+23', '0.1', '-7'])(
  'the number %s is written as it was read',
  (number) => {
    expect(editedJson(`{"a":[${number}],"b":"${number}"}`, (value) => ({ ...(value as object), c: 1 }))).toBe(
      `{\n  "a": [\n    ${number}\n  ],\n  "b": "${number}",\n  "c": 1\n}`,
    );
  },
);

test('values without unusual numbers are written as by JSON.stringify', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(editedJson(JSON.stringify(value), (same) => same)).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

test('a string that looks like a marker stays a string', () => {
  const text = JSON.stringify({ 'a\u0000number 1': ['\u0000number 1'] }, null, 2);
  expect(editedJson(text, (same) => same)).toBe(text);
});

/** https://github.com/nodejs/node/issues/63785: V8 13.6 takes `\n` for `\` once it has parsed a member named so. */
test('names with escapes are unchanged after a name with a backslash', () => {
  const poison = String.raw`{"extra":[],"\\":0}`;
  const text = '{\n  "extra": 1,\n  "\\n": 2\n}';
  expect(editedJson(poison, (same) => same)).toBe('{\n  "extra": [],\n  "\\\\": 0\n}');
  expect(editedJson(text, (same) => same)).toBe(text);
});

test('a known name with an escape is decoded for the edit', () => {
  expect(editedJson(String.raw`{"\u0061":1}`, (value) => ({ ...(value as object), a: 2 }))).toBe(
    '{\n  "a": 2\n}',
  );
});
