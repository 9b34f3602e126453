import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeObject, normalizedJson, rawJson } from '../../src/framing/raw-json.js';
import { spacedJson } from '../support/spaced-json.js';

describe('normalizedJson', () => {
  test('a value written by JSON.stringify is unchanged, and white space between its tokens is removed', () => {
    fc.assert(
      fc.property(spacedJson, ({ compact, text }) => {
        expect(normalizedJson(text)).toBe(compact);
      }),
    );
  });

  test.each([
    ['1.10', '1.10'],
    ['1.0', '1.0'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['-123456789012345678901234567890', '-123456789012345678901234567890'],
    ['1e5', '1e+5'],
    ['1E5', '1e+5'],
    ['1e+5', '1e+5'],
    ['1E+400', '1e+400'],
    ['5e-7', '5e-7'],
    ['5E-7', '5e-7'],
    ['-1.50e10', '-1.50e+10'],
    ['-0', '0'],
    ['0', '0'],
    ['-0.0', '-0.0'],
    ['true', 'true'],
    ['false', 'false'],
    ['null', 'null'],
    [' [ 1e5 , -0 ]\n', '[1e+5,0]'],
    ['{"a":{"b":1.10}}', '{"a":{"b":1.10}}'],
    [String.raw`"\u0065\/1e5\u0001"`, String.raw`"e/1e5\u0001"`],
    ['"\u2028\u007fé"', '"\u2028\u007fé"'],
    [String.raw`{"\u0061":1}`, '{"a":1}'],
  ])('%s is normalized to %s, as in the reference', (text, normalized) => {
    expect(normalizedJson(text)).toBe(normalized);
  });

  test('a repeated member keeps its first place and its last value', () => {
    expect(normalizedJson('{"a":1,"b":2,"a":3}')).toBe('{"a":3,"b":2}');
  });

  test('a member repeated under another spelling of its name is the same member', () => {
    expect(normalizedJson(String.raw`{"a":1,"\u0061":2}`)).toBe('{"a":2}');
  });

  test('members named like integers keep their order', () => {
    expect(normalizedJson('{"b":0,"2":0,"1":0,"a":0}')).toBe('{"b":0,"2":0,"1":0,"a":0}');
  });

  test('a member named __proto__ is an ordinary member', () => {
    expect(normalizedJson('{"__proto__":{"a":1}}')).toBe('{"__proto__":{"a":1}}');
  });
});

describe('encodeObject', () => {
  test('a raw member is written as its text, other members as JSON', () => {
    expect(encodeObject({ a: 'é"', b: rawJson('{"n":1.10}'), c: null, d: [1] })).toBe(
      '{"a":"é\\"","b":{"n":1.10},"c":null,"d":[1]}',
    );
  });

  test('an object without raw members is written as JSON.stringify writes it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        expect(encodeObject(object)).toBe(JSON.stringify(object));
      }),
    );
  });
});

test('a value of 8 MiB with 100 levels is normalized', () => {
  const leaf = `[${Array.from({ length: 100_000 }, (_, index) => `${index}.50,"${'x'.repeat(80)}"`).join()}]`;
  const nested = `${'{"a":['.repeat(50)}${leaf}${']}'.repeat(50)}`;
  expect(nested.length).toBeGreaterThan(8 * 1024 * 1024);
  expect(normalizedJson(nested.replaceAll(':', ' : ')) === nested).toBe(true);
});

test('an undefined member next to a raw one is omitted', () => {
  expect(encodeObject({ a: undefined, b: rawJson('1.10'), c: 1 })).toBe('{"b":1.10,"c":1}');
});
