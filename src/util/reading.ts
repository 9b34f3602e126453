/**
 * Readers of single JSON values, which make types of what others have written. They do for bodies and files what zod does
 * for the protocol, without the 10 ms that it takes to set up at each start.
 */

/** @throws Unreadable where the value is not what it should be */
export type Reader<T> = (value: unknown) => T;

export type Read<R> = R extends Reader<infer T> ? T : never;

/** The value is not of the type that is wanted. */
class Unreadable extends Error {
  /** Where it stands below the value that was to be read, joined by dots. */
  declare path: string;
}

/** The value, or where it cannot be read. */
export function tryRead<T>(
  reader: Reader<T>,
  value: unknown,
): { readonly isRead: true; readonly data: T } | { readonly isRead: false; readonly path: string } {
  try {
    return { isRead: true, data: reader(value) };
  } catch (error) {
    if (error instanceof Unreadable) return { isRead: false, path: error.path };
    throw error;
  }
}

/** What a JSON text holds; undefined for a text that is no JSON, or holds something else. */
export function readJsonText<T>(reader: Reader<T>, json: string): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
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

/** Whether there is anything. */
export const presence: Reader<boolean> = (value) => value !== undefined && value !== null;

/** The members that are named; others are left out, and so is one whose reader says undefined. */
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

/** Null where it is missing or null. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === undefined || value === null ? null : reader(value));
}

/** Undefined where it is missing; null is a value like any other. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value));
}

/** `fallback` where it is missing or cannot be read. */
export function orElse<T, D>(reader: Reader<T>, fallback: D): Reader<T | D> {
  return either(reader, () => fallback);
}

/** The first reader that can read it. */
export function either<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return (value) => {
    try {
      return first(value);
    } catch (error) {
      if (error instanceof Unreadable) return second(value);
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
  if (error instanceof Unreadable) error.path = error.path === '' ? name : `${name}.${error.path}`;
  return error;
}

/** Made without its constructor, which would take down the stack, for 0.1 ms: bodies of others have many a value that is passed over. */
function unreadable(): Unreadable {
  const error = Object.create(Unreadable.prototype) as Unreadable;
  error.path = '';
  return error;
}
