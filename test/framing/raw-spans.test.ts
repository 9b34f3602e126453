import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementTexts, memberSpans, memberText, nestingDepth } from '../../src/framing/raw-spans.js';
import { spacedJson, withBlanks, withoutBlanks } from '../support/spaced-json.js';

function members(text: string): [string, string][] {
  return memberSpans(text).map(({ key, start, end }) => [key, text.slice(start, end)]);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Texts that JSON.parse accepts and JSON.stringify would not write. */
const oddJson = fc.constantFrom(
  '1.10',
  '-0',
  '1E+400',
  '123456789012345678901234567890',
  '"\\u0061\\/"',
  '"]}\\\\"',
);
const compactJson = fc.oneof(
  oddJson,
  fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
);
const keys = fc.oneof(fc.constantFrom('', 'a', '1', '__proto__', '"', '\\'), fc.string({ unit: 'binary' }));

test('the members of an object are found in their order, including repeated ones', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, compactJson)), (entries) => {
      const text = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;
      expect(members(text)).toEqual(entries);
    }),
  );
});

test('the elements of a list are found in their order', () => {
  fc.assert(
    fc.property(fc.array(compactJson), (elements) => {
      expect(elementTexts(`[${elements.join()}]`)).toEqual(elements);
    }),
  );
});

test('the members of an object are found whatever white space is between', () => {
  const objects = fc.dictionary(keys, fc.jsonValue({ stringUnit: 'binary' }));
  fc.assert(
    fc.property(withBlanks(objects), ({ value, text }) => {
      const found = members(text).map(([key, member]) => [key, withoutBlanks(member)]);
      expect(found).toEqual(Object.entries(value).map(([key, member]) => [key, JSON.stringify(member)]));
    }),
  );
});

test('the elements of a list are found whatever white space is between', () => {
  const lists = fc.array(fc.jsonValue({ stringUnit: 'binary' }));
  fc.assert(
    fc.property(withBlanks(lists), ({ value, text }) => {
      const found = elementTexts(text).map(withoutBlanks);
      expect(found).toEqual(value.map((element) => JSON.stringify(element)));
    }),
  );
});

test('a span has no white space at its ends', () => {
  expect(members('\n{ "a" :\t[ 1 ] , "b"\r:2\n}\t')).toEqual([
    ['a', '[ 1 ]'],
    ['b', '2'],
  ]);
});

test('escapes in a name are decoded', () => {
  expect(members(String.raw`{"\u0061":1,"\"}":2}`)).toEqual([
    ['a', '1'],
    ['"}', '2'],
  ]);
});

test('the text of a repeated member is the last one', () => {
  expect(memberText('{"a":1,"b":2,"a":3.0}', 'a')).toBe('3.0');
});

test('a missing member has no text', () => {
  expect(memberText('{"toString":1}', 'constructor')).toBeUndefined();
});

test('the nesting depth is that of the parsed value', () => {
  fc.assert(
    fc.property(spacedJson, ({ value, text }) => {
      expect(nestingDepth(text)).toBe(depthOf(value));
    }),
  );
});

test.each([
  ['a scalar', '1', 0],
  ['brackets in a string', String.raw`"[[{\"[\\"`, 0],
  ['an empty list', '[]', 1],
  ['neighbours', '[[],{"a":{}},[]]', 3],
  ['100,000 lists', '['.repeat(100_000) + ']'.repeat(100_000), 100_000],
  ['100,000 objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 100_000],
])('the nesting depth of %s is counted', (_what, text, depth) => {
  expect(nestingDepth(text)).toBe(depth);
});

test('members are found in a value of any depth', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(members(`{"a":${deep},"b":1}`)).toEqual([
    ['a', deep],
    ['b', '1'],
  ]);
});
