import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementTexts, memberSpans, memberText } from '../../src/framing/raw-spans.js';
import { withBlanks, withoutBlanks } from '../support/spaced-json.js';

function members(text: string): [string, string][] {
  return Array.from(memberSpans(text), ({ key, start, end }) => [key, text.slice(start, end)]);
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
      expect([...elementTexts(`[${elements.join()}]`)]).toEqual(elements);
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
      const found = Array.from(elementTexts(text), withoutBlanks);
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

test('members are found in a value of any depth', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(members(`{"a":${deep},"b":1}`)).toEqual([
    ['a', deep],
    ['b', '1'],
  ]);
});
