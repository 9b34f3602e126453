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

/** A whole number of 32 bits. Fractions are rounded, halves up; a number written as text counts. */
export const integer32 = integerUpTo(2 ** 31);

/** A whole number of 64 bits, exact up to 2^53. Fractions are rounded, halves up; a number written as text counts. */
export const integer64 = integerUpTo(2 ** 63);

function integerUpTo(bound: number): Reader<number> {
  return checked(
    (value) => Math.round(typeof value === 'string' ? Number(decimalText(value)) : number(value)) + 0,
    (rounded) => rounded >= -bound && rounded < bound,
  );
}

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
