import * as z from 'zod/mini';

/**
 * How single values of the backend are read: leniently, so that one odd value never costs the whole answer. Each
 * piece accepts what has one plain meaning and refuses the rest; `orNull` and `listOf` say what a refusal costs.
 */

// No two of its parts can match the same digits: a long text that is no number must not take quadratic time.
const decimal = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/;

/** A whole number of 32 bits. Fractions are rounded, halves up; a number written as text counts. */
export const integer32 = integerUpTo(2 ** 31);

/** A whole number of 64 bits, exact up to 2^53. Fractions are rounded, halves up; a number written as text counts. */
export const integer64 = integerUpTo(2 ** 63);

function integerUpTo(bound: number): z.ZodMiniType<number> {
  return z
    .pipe(
      z.union([z.number(), z.string().check(z.regex(decimal))]),
      z.transform((value) => Math.round(Number(value)) + 0),
    )
    .check(z.refine((value) => value >= -bound && value < bound));
}

/** An amount as the backend's own text; a bare number becomes its text. */
export const amount: z.ZodMiniType<string> = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((value) => String(value)),
);

/** The value, or null where it is missing or cannot be read. */
export function orNull<T>(schema: z.ZodMiniType<T>): z.ZodMiniType<T | null> {
  return z.catch(z.nullable(schema), null);
}

/** The rows that can be read; the others are dropped alone. Null where there is no list. */
export function listOf<T>(row: z.ZodMiniType<T>): z.ZodMiniType<T[] | null> {
  return orNull(rowsOf(row));
}

/** As `listOf`, for a list without which the whole body says nothing. */
export function rowsOf<T>(row: z.ZodMiniType<T>): z.ZodMiniType<T[]> {
  return z.pipe(
    z.array(z.unknown()),
    z.transform((rows) =>
      rows.flatMap((value) => {
        const read = row.safeParse(value);
        return read.success ? [read.data] : [];
      }),
    ),
  );
}
