import * as z from 'zod/mini';

interface Documentation {
  readonly id?: string;
  readonly description: string;
  readonly default?: unknown;
}

/** Registers a schema, so that `schema/` can be written from it; what is known of it already stays. */
function documented<T extends z.ZodMiniType>(schema: T, documentation: Documentation): T {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...documentation });
  return schema;
}

/** A type with a name of its own: `schema/` gets a file for it, and other schemas refer to that file. */
export function named<T extends z.ZodMiniType>(id: string, description: string, schema: T): T {
  return documented(schema, { id, description });
}

/** A member with a description of its own. The schema must not be shared with another member. */
export function described<T extends z.ZodMiniType>(description: string, schema: T): T {
  return documented(schema, { description });
}

/** A member that the JSON Schema gives a default for: what its absence means. */
export function defaulting<T extends z.ZodMiniType>(description: string, value: unknown, schema: T): T {
  return documented(schema, { description, default: value });
}

/** A whole number that fits 32 bits with sign. */
export function int32(): z.ZodMiniNumber {
  return integer('int32');
}

/** A whole number that fits 64 bits with sign; JavaScript keeps it exact up to 2^53. */
export function int64(): z.ZodMiniNumber {
  return integer('int64');
}

function integer(format: 'int32' | 'int64'): z.ZodMiniNumber {
  return z.number().check(z.refine(Number.isInteger)).register(z.globalRegistry, { type: 'integer', format });
}

/** One value of an enum, with what it means. */
export function variant<T extends string>(value: T, description: string): z.ZodMiniLiteral<T> {
  return described(description, z.literal(value));
}
