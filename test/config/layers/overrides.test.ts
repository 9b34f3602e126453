import { expect, test } from 'vitest';
import { OverrideError, tableFromOverrides } from '../../../src/config/layers/overrides.js';

test.each([
  [[], {}],
  [['chatgpt_base_url="http://a"'], { chatgpt_base_url: 'http://a' }],
  [["chatgpt_base_url='http://a'"], { chatgpt_base_url: 'http://a' }],
  [['chatgpt_base_url=http://a'], { chatgpt_base_url: 'http://a' }],
  [[' chatgpt_base_url = "http://a" '], { chatgpt_base_url: 'http://a' }],
  [['chatgpt_base_url='], { chatgpt_base_url: '' }],
  [['chatgpt_base_url="a"', 'chatgpt_base_url="b"'], { chatgpt_base_url: 'b' }],
  [['chatgpt_base_url="a\\u00e9"'], { chatgpt_base_url: 'aé' }],
  [['chatgpt_base_url="a'], { chatgpt_base_url: '"a' }],
  [['chatgpt_base_url=http://a/?b=c'], { chatgpt_base_url: 'http://a/?b=c' }],
])('the overrides %j set the base URL', async (overrides, settings) => {
  expect(await tableFromOverrides(overrides)).toEqual(settings);
});

test.each([
  ['a=[1', '[1'],
  ['a=x=y', 'x=y'],
  ['a=true', true],
  ['a="b"', 'b'],
  ['a=[1.5, "b"]', [1.5, 'b']],
  ['a={ b = "c" }', { b: 'c' }],
  ['a=9223372036854775807', 9_223_372_036_854_775_807n],
])('the value of the override %s is TOML if it can be parsed, otherwise text', async (override, value) => {
  expect(await tableFromOverrides([override])).toEqual({ a: value });
});

test.each([
  ['foo', 'invalid override "foo": expected key=value'],
  ['', 'invalid override "": expected key=value'],
  ['=x', 'invalid override "=x": expected key=value'],
  [' =x', 'invalid override " =x": expected key=value'],
  ['chatgpt_base_url=5', 'invalid override: wrong type for chatgpt_base_url'],
  ['chatgpt_base_url=["a"]', 'invalid override: wrong type for chatgpt_base_url'],
])('the override %j cannot be used', async (override, message) => {
  await expect(tableFromOverrides([override])).rejects.toThrow(new OverrideError(message));
});
