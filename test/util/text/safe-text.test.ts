import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeJson, safeLine } from '../../../src/util/text/safe-text.js';

const anyText = fc.string({ unit: 'binary', maxLength: 80 });

test('JSON has no character that controls a terminal, and its value is unchanged', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(0, 2), (text, indent) => {
      const value = { [text]: [text, `\u009b31m\u202e\u2066\u061c\u200f\u2028\u{e0041}${text}`] };
      const json = safeJson(value, indent);
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(json)).toEqual(value);
    }),
  );
  expect(safeJson('\u007f\u009f\u061c\u{e0041}é')).toBe('"\\u007f\\u009f\\u061c\\udb40\\udc41é"');
});

test('a line has no character that controls a terminal', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(safeLine(`\u001b[2J\n\u009b\u202e${text}`)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
