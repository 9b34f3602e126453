import {
  anything,
  array,
  checked,
  either,
  mapped,
  number,
  orElse,
  type Reader,
  text,
  tryRead,
} from '../../util/json/reading.js';
import { epochSeconds } from '../../util/text/rfc3339.js';

/**
 * Readers of single values of the backend. They are lenient, so that one odd value does not fail the whole answer (D5):
 * each accepts every value that has one clear meaning. `orNull` and `listOf` decide what another value costs.
 */

// No two of its parts can match the same digits: another long text must not take quadratic time.
const decimal = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/;

/** A whole number. Fractions are rounded, halves up; a number written as text counts. */
const integer: Reader<number> = (value) =>
  Math.round(typeof value === 'string' ? Number(decimalText(value)) : number(value)) + 0;

/** An `integer` of 32 bits. */
export const integer32 = checked(integer, (rounded) => rounded >= -(2 ** 31) && rounded < 2 ** 31);

/** The largest double of less than 64 bits. */
const largest64 = 2 ** 63 - 1024;

/** An `integer` of 64 bits, exact up to 2^53. The largest ones become `largest64`: what is written must fit, too. */
export const integer64 = mapped(
  checked(integer, (rounded) => Math.abs(rounded) <= 2 ** 63),
  (rounded) => Math.max(-largest64, Math.min(rounded, largest64)),
);

const decimalText = checked(text, (digits) => decimal.test(digits));

const list = array(anything);

/** An amount as the backend's own text; a bare number becomes its text. */
export const amount: Reader<string> = mapped(either(text, number), String);

/** An RFC 3339 time as whole Unix seconds. */
export const timestamp: Reader<number> = checked(
  mapped(text, (time) => epochSeconds(time) ?? Number.NaN),
  Number.isInteger,
);

/**
 * Reads an answer whose members may all be missing. The report of an error in its place cannot be read (D28).
 *
 * @param hasContent whether the body answers the request all the same
 */
export function answerOf<T>(reader: Reader<T>, hasContent: (answer: T) => boolean): Reader<T> {
  return (value) => checked(reader, (answer) => hasContent(answer) || !isErrorReport(value))(value);
}

function isErrorReport(value: unknown): boolean {
  const { error, errors, detail, message } = value as Readonly<Record<string, unknown>>;
  return (error ?? errors ?? detail ?? message ?? null) !== null;
}

/** Reads a value; null if it is missing or cannot be read. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  const lenient = orElse(reader, null);
  // Null and missing values are frequent, and an exception for each would be slow.
  return (value) => (value === undefined || value === null ? null : lenient(value));
}

/** Reads the rows of a list; those that cannot be read are dropped. Null if there is no list. */
export function listOf<T>(row: Reader<T>): Reader<T[] | null> {
  return orNull(rowsOf(row));
}

/** As `listOf`, for a list that the body must have. */
export function rowsOf<T>(row: Reader<T>): Reader<T[]> {
  return (value) => {
    const rows: T[] = [];
    for (const given of list(value)) {
      const read = tryRead(row, given);
      if (read.isRead) rows.push(read.data);
    }
    return rows;
  };
}
