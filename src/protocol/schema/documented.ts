import * as z from 'zod/mini';

interface Documentation {
  readonly id?: string;
  readonly description: string;
  readonly default?: unknown;
}

/** Registers a schema for `schema/`. Keeps what is already registered for it. */
function documented<T extends z.ZodMiniType>(schema: T, documentation: Documentation): T {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), ...documentation });
  return schema;
}

/** Names a type: `schema/` gets a file for it, and other schemas refer to that file. */
export function named<T extends z.ZodMiniType>(id: string, description: string, schema: T): T {
  return documented(schema, { id, description });
}

/** Describes a member. The schema must not be shared with another member. */
export function described<T extends z.ZodMiniType>(description: string, schema: T): T {
  return documented(schema, { description });
}

/** The parameters that codex does not have. An array of params cannot contain them. */
export const additions = z.registry();

/** Describes a parameter that codex does not have. It has a name, but no place in an array of params. */
export function addition<T extends z.ZodMiniType>(description: string, schema: T): T {
  additions.add(schema);
  return described(description, schema);
}

/** Describes a member and gives the default that the JSON Schema states for its absence. */
export function withDefault<T extends z.ZodMiniType>(description: string, value: unknown, schema: T): T {
  return documented(schema, { description, default: value });
}

/** Returns a schema for a signed 32-bit integer. */
export function int32(): z.ZodMiniNumber {
  return integer('int32');
}

/** Returns a schema for a signed 64-bit integer. JavaScript keeps it exact up to 2^53. */
export function int64(): z.ZodMiniNumber {
  return integer('int64');
}

function integer(format: 'int32' | 'int64'): z.ZodMiniNumber {
  return z.number().check(z.refine(Number.isInteger)).register(z.globalRegistry, { type: 'integer', format });
}

/** Returns a schema for one value of an enum, with a description. */
export function variant<T extends string>(value: T, description: string): z.ZodMiniLiteral<T> {
  return described(description, z.literal(value));
}
