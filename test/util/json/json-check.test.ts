import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonProblem, parseJson } from '../../../src/util/json/json-check.js';
import { scannedDepth } from '../../../src/util/json/json-scan.js';
import { spacedJson } from '../../support/spaced-json.js';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('the depth is that of the parsed value', () => {
  fc.assert(
    fc.property(spacedJson, ({ value, text }) => {
      expect(scannedDepth(text)).toBe(depthOf(value));
    }),
  );
});

const fragments = fc.constantFrom(
  ...['{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '0', '.5', 'e+1', 'true', 'null', ' ', '\n'],
  ...[
    '\u00a0',
    '\ufeff',
    '\u0000',
    String.raw`"\u00e9\n"`,
    String.raw`"\x"`,
    String.raw`"\u00"`,
    '"\t"',
    '"\u007f"',
  ],
);

test('a text is JSON exactly if JSON.parse accepts it', () => {
  const texts = fc.oneof(
    fc.array(fragments, { maxLength: 8 }).map((parts) => parts.join('')),
    fc
      .tuple(spacedJson, fragments, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([{ text }, part, place]) => {
        const at = Math.floor(place * text.length);
        return text.slice(0, at) + part + text.slice(at + 1);
      }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(scannedDepth(text) !== undefined).toBe(isJson(text));
    }),
    { numRuns: 2000 },
  );
});

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['127 levels', nested(127), undefined],
  ['128 levels', nested(128), 'tooDeep'],
  ['30 million levels', nested(30_000_000), 'tooDeep'],
  ['128 levels that are not closed', '['.repeat(128), 'notJson'],
  ['60 million levels that are not closed', '['.repeat(60_000_000), 'notJson'],
  ['128 levels with a mistake in the last one', `${'['.repeat(128)}01${']'.repeat(128)}`, 'notJson'],
  ['many brackets in one level', `[${'[],'.repeat(200)}{}]`, undefined],
  ['brackets in a string', JSON.stringify('['.repeat(200)), undefined],
  ['a long string', JSON.stringify('x\n"'.repeat(30_000)), undefined],
  ['a long number', `1${'0'.repeat(1_000_000)}.5`, undefined],
  ['a long text that is not JSON', `[${'1,'.repeat(40_000)}]`, 'notJson'],
  ['nothing', '', 'notJson'],
])('%s: the problem is found', (_, text, problem) => {
  expect(jsonProblem(text)).toBe(problem);
});

test.each([
  ['[1]', [1]],
  [nested(1), []],
])('%j is parsed', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test.each([
  [nested(128), 'nested deeper than 127 levels'],
  ['['.repeat(128), 'not JSON'],
  ['[01]', 'not JSON'],
])('a text that is not parsed has a reason', (text, message) => {
  expect(() => parseJson(text)).toThrow(message);
});
