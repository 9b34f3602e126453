import * as z from 'zod/mini';
import { additions } from '../schema/documented.js';
import { UnitParams } from '../schema/method-schemas.js';

/** The part of a parameter schema that its check and its error texts need: names, order and kinds. */
export type Shape =
  | { readonly kind: 'boolean' | 'integer' | 'string' | 'any' | 'unit' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly element: Shape }
  | { readonly kind: 'map'; readonly value: Shape }
  | { readonly kind: 'struct'; readonly name: string; readonly members: readonly ShapeMember[] }
  | {
      readonly kind: 'tagged';
      readonly name: string;
      /** The member that identifies the variant. */
      readonly tag: string;
      /** The members of each variant, without the tag. */
      readonly variants: Readonly<Record<string, readonly ShapeMember[]>>;
    };

export interface ShapeMember {
  readonly name: string;
  readonly shape: Shape;
  readonly isNullable: boolean;
  /** Whether an object can leave it out. */
  readonly isOptional: boolean;
  /** Whether an array has no place for it. */
  readonly isNamedOnly?: true;
}

/**
 * Returns the shape of a parameter schema.
 * @throws Error for a kind of schema that no check exists for
 */
export function shapeOf(schema: z.core.$ZodType): Shape {
  if (schema instanceof z.ZodMiniBoolean) return { kind: 'boolean' };
  // All numbers of the protocol are integers.
  if (schema instanceof z.ZodMiniNumber) return { kind: 'integer' };
  if (schema instanceof z.ZodMiniString) return { kind: 'string' };
  if (schema === UnitParams) return { kind: 'unit' };
  if (schema instanceof z.ZodMiniEnum) {
    return { kind: 'enum', values: Object.values(schema._zod.def.entries).map(String) };
  }
  if (schema instanceof z.ZodMiniArray) return { kind: 'list', element: shapeOf(schema._zod.def.element) };
  if (schema instanceof z.ZodMiniRecord) return { kind: 'map', value: shapeOf(schema._zod.def.valueType) };
  if (schema instanceof z.ZodMiniObject) {
    return { kind: 'struct', name: nameOf(schema), members: membersOf(schema) };
  }
  if (schema instanceof z.ZodMiniDiscriminatedUnion) return taggedShape(schema);
  if (schema instanceof z.ZodMiniUnknown) return { kind: 'any' };
  throw new Error(`no shape for a schema of type ${schema._zod.def.type}`);
}

function nameOf(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.id ?? 'params';
}

/** @param tag the member that identifies the variant; it is left out */
function membersOf(schema: z.ZodMiniObject, tag?: string): ShapeMember[] {
  const members = Object.entries(schema._zod.def.shape).filter(([name]) => name !== tag);
  return members.map(([name, member]) => memberOf(name, member));
}

function taggedShape(schema: z.ZodMiniDiscriminatedUnion): Shape {
  const { discriminator: tag, options } = schema._zod.def;
  const variants: Record<string, readonly ShapeMember[]> = {};
  for (const option of options) {
    if (!(option instanceof z.ZodMiniObject)) continue;
    const literal = option._zod.def.shape[tag];
    if (!(literal instanceof z.ZodMiniLiteral)) continue;
    const members = membersOf(option, tag);
    for (const value of literal._zod.def.values) variants[String(value)] = members;
  }
  return { kind: 'tagged', name: nameOf(schema), tag, variants };
}

function memberOf(name: string, schema: z.core.$ZodType): ShapeMember {
  let inner = schema;
  let isNullable = false;
  let isOptional = false;
  while (inner instanceof z.ZodMiniOptional || inner instanceof z.ZodMiniNullable) {
    if (inner instanceof z.ZodMiniOptional) isOptional = true;
    else isNullable = true;
    inner = inner._zod.def.innerType;
  }
  const namedOnly = additions.has(schema) && { isNamedOnly: true as const };
  return { name, shape: shapeOf(inner), isNullable, isOptional, ...namedOnly };
}
