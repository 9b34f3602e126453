import { parseJson } from './json-check.js';

/**
 * Readers check parsed JSON values and give them types. They are for bodies and files what zod is for the protocol: zod
 * takes 10 ms to set up at each start.
 */

/**
 * A function that returns a value of type T.
 * @throws UnreadableError if the value has another type
 */
export type Reader<T> = (value: unknown) => T;

/** The type of the values that a reader returns. */
export type Read<R> = R extends Reader<infer T> ? T : never;

/** An error for a value of another type than the expected one. */
class UnreadableError extends Error {
  /** The path to the value, joined by dots. Empty for the value that was passed to the reader. */
  declare path: string;
}

/** Reads a value, or returns the path to the part that cannot be read. */
export function tryRead<T>(
  reader: Reader<T>,
  value: unknown,
): { readonly isRead: true; readonly data: T } | { readonly isRead: false; readonly path: string } {
  try {
    return { isRead: true, data: reader(value) };
  } catch (error) {
    if (error instanceof UnreadableError) return { isRead: false, path: error.path };
    throw error;
  }
}

/** Reads a JSON text. Returns undefined if `parseJson` does not parse it or its value has another type. */
export function readJsonText<T>(reader: Reader<T>, json: string): T | undefined {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch {
    return undefined;
  }
  const read = tryRead(reader, value);
  return read.isRead ? read.data : undefined;
}

export const anything: Reader<unknown> = (value) => value;

export const text: Reader<string> = (value) => {
  if (typeof value !== 'string') throw unreadable();
  return value;
};

export const flag: Reader<boolean> = (value) => {
  if (typeof value !== 'boolean') throw unreadable();
  return value;
};

export const number: Reader<number> = (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unreadable();
  return value;
};

export function oneOf<const T extends string>(values: readonly T[]): Reader<T> {
  return (value) => {
    const found = values.find((known) => known === value);
    if (found === undefined) throw unreadable();
    return found;
  };
}

/** Reports whether the value is neither missing nor null. */
export const presence: Reader<boolean> = (value) => value !== undefined && value !== null;

/** Reads the named members. Leaves out other members, and members whose reader returns undefined. */
export function object<F extends Readonly<Record<string, Reader<unknown>>>>(
  fields: F,
): Reader<{ [K in keyof F]: Read<F[K]> }> {
  const members = Object.entries(fields).map(([name, reader]) => ({ name, reader }));
  return (value) => {
    const given = asObject(value);
    const found: Record<string, unknown> = {};
    let at = '';
    try {
      for (const { name, reader } of members) {
        at = name;
        const read = reader(given[name]);
        if (read !== undefined) found[name] = read;
      }
    } catch (error) {
      throw locatedAt(at, error);
    }
    return found as { [K in keyof F]: Read<F[K]> };
  };
}

export function record<T>(reader: Reader<T>): Reader<Record<string, T>> {
  return (value) =>
    Object.fromEntries(
      Object.entries(asObject(value)).map(([name, member]) => [name, readAt(name, reader, member)]),
    );
}

export function array<T>(reader: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw unreadable();
    return value.map((element, index) => readAt(`${index}`, reader, element));
  };
}

/** Returns null for a missing value or null. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === undefined || value === null ? null : reader(value));
}

/** Returns undefined for a missing value. Null is passed to the reader. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value));
}

/** Returns `fallback` if the reader cannot read the value. */
export function orElse<T, D>(reader: Reader<T>, fallback: D): Reader<T | D> {
  return either(reader, () => fallback);
}

/** Tries the first reader, then the second. */
export function either<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return (value) => {
    try {
      return first(value);
    } catch (error) {
      if (error instanceof UnreadableError) return second(value);
      throw error;
    }
  };
}

export function mapped<T, U>(reader: Reader<T>, change: (value: T) => U): Reader<U> {
  return (value) => change(reader(value));
}

export function checked<T>(reader: Reader<T>, isRight: (value: T) => boolean): Reader<T> {
  return (value) => {
    const read = reader(value);
    if (!isRight(read)) throw unreadable();
    return read;
  };
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable();
  return value as Record<string, unknown>;
}

function readAt<T>(name: string, reader: Reader<T>, value: unknown): T {
  try {
    return reader(value);
  } catch (error) {
    throw locatedAt(name, error);
  }
}

function locatedAt(name: string, error: unknown): unknown {
  if (error instanceof UnreadableError) error.path = error.path === '' ? name : `${name}.${error.path}`;
  return error;
}

/**
 * Creates the error without its constructor. Recording the stack takes 0.1 ms, and many values of a body can be
 * unreadable.
 */
function unreadable(): UnreadableError {
  const error = Object.create(UnreadableError.prototype) as UnreadableError;
  error.path = '';
  return error;
}
