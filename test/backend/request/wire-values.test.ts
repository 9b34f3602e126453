import { expect, test } from 'vitest';
import {
  amount,
  integer32,
  integer64,
  listOf,
  orNull,
  rowsOf,
} from '../../../src/backend/request/wire-values.js';
import { flag, object, type Reader, text, tryRead } from '../../../src/util/json/reading.js';

/** Returns the value that the reader gives, or `refused` if it refuses the value. */
function readWith(reader: Reader<unknown>, value: unknown): unknown {
  const read = tryRead(reader, value);
  return read.isRead ? read.data : 'refused';
}

test.each([
  [0, 0],
  [-0, 0],
  [0.5, 1],
  [-0.5, 0],
  [-2.5, -2],
  ['7', 7],
  [' 7 ', 7],
  ['+7', 7],
  ['7.', 7],
  ['.5', 1],
  ['7e2', 700],
  ['-0', 0],
  ['', 'refused'],
  [' ', 'refused'],
  ['.', 'refused'],
  ['7 7', 'refused'],
  ['7,5', 'refused'],
  ['0x7', 'refused'],
  ['NaN', 'refused'],
  ['1e999', 'refused'],
  [Number.NaN, 'refused'],
  [Infinity, 'refused'],
  [true, 'refused'],
  [null, 'refused'],
  [undefined, 'refused'],
  [[7], 'refused'],
])('both integer readers read %j as %j', (value, expected) => {
  expect([readWith(integer32, value), readWith(integer64, value)]).toEqual([expected, expected]);
});

test('a long run of digits that is not a number is refused at once', () => {
  expect(readWith(integer64, `${'1'.repeat(2_000_000)}x`)).toBe('refused');
});

test.each([
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 'refused'],
  [2 ** 31 - 0.5, 'refused'],
  [-(2 ** 31), -(2 ** 31)],
  [-(2 ** 31) - 0.5, -(2 ** 31)],
  [-(2 ** 31) - 1, 'refused'],
  ['2147483648', 'refused'],
])('a 32-bit integer reads %j as %j', (value, expected) => {
  expect(readWith(integer32, value)).toBe(expected);
});

test.each([
  [2 ** 53, 2 ** 53],
  // The server writes integers of 64 bits only.
  [2 ** 63, 2 ** 63 - 1024],
  ['9223372036854775807', 2 ** 63 - 1024],
  [-(2 ** 63), 1024 - 2 ** 63],
  [2 ** 63 + 2048, 'refused'],
  [1e300, 'refused'],
])('a 64-bit integer reads %j as %j', (value, expected) => {
  expect(readWith(integer64, value)).toBe(expected);
});

test.each([
  ['', ''],
  [' 1.50 ', ' 1.50 '],
  ['none', 'none'],
  [0, '0'],
  [12.5, '12.5'],
  [-3, '-3'],
  [true, 'refused'],
  [null, 'refused'],
  [{}, 'refused'],
])('an amount reads %j as %j', (value, expected) => {
  expect(readWith(amount, value)).toBe(expected);
});

test.each([
  ['text', 'text'],
  [1, null],
  [null, null],
  [undefined, null],
])('a nullable text reads %j as %j', (value, expected) => {
  expect(readWith(orNull(text), value)).toBe(expected);
});

test('a missing or unreadable member is null, and the others are read', () => {
  const schema = object({ a: orNull(text), b: orNull(integer32), c: orNull(flag) });
  expect(readWith(schema, { b: 'x', c: true })).toEqual({ a: null, b: null, c: true });
});

test.each([
  [[], []],
  [
    ['1', 'x', 2, null, 3.5],
    [1, 2, 4],
  ],
  [null, null],
  [undefined, null],
  [{ 0: 1, length: 1 }, null],
  ['12', null],
])('a list reads %j as %j', (value, expected) => {
  expect(readWith(listOf(integer32), value)).toEqual(expected);
});

test.each([
  [[], []],
  [
    ['1', 'x', 2, null],
    [1, 2],
  ],
  [['x'], []],
  [null, 'refused'],
  [undefined, 'refused'],
  [{ 0: 1, length: 1 }, 'refused'],
  ['12', 'refused'],
])('a required list reads %j as %j', (value, expected) => {
  expect(readWith(rowsOf(integer32), value)).toEqual(expected);
});

test('a row without a required member is dropped, and one without another member stays', () => {
  const row = object({ id: text, title: orNull(text) });
  const rows = [{ id: 'a', title: 'A' }, { title: 'B' }, { id: 'c' }, { id: 4, title: 'D' }, 'e'];
  expect(readWith(listOf(row), rows)).toEqual([
    { id: 'a', title: 'A' },
    { id: 'c', title: null },
  ]);
});
