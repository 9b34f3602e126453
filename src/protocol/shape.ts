import * as z from 'zod/mini';
import { UnitParams } from './unit.js';

/** A parameter schema as its error texts need it: names, order, kinds. */
export type Shape =
  | { readonly kind: 'boolean' | 'string' | 'any' | 'unit' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly element: Shape }
  | { readonly kind: 'map'; readonly value: Shape }
  | { readonly kind: 'struct'; readonly name: string; readonly members: readonly ShapeMember[] };

export interface ShapeMember {
  readonly name: string;
  readonly shape: Shape;
  readonly isNullable: boolean;
  /** Whether it may be absent from an object. */
  readonly isOptional: boolean;
}

/** The shape of a schema made of the pieces that parameters are made of. */
export function shapeOf(schema: z.core.$ZodType): Shape {
  if (schema instanceof z.ZodMiniBoolean) return { kind: 'boolean' };
  if (schema instanceof z.ZodMiniString) return { kind: 'string' };
  if (schema === UnitParams) return { kind: 'unit' };
  if (schema instanceof z.ZodMiniEnum) {
    return { kind: 'enum', values: Object.values(schema._zod.def.entries).map(String) };
  }
  if (schema instanceof z.ZodMiniArray) return { kind: 'list', element: shapeOf(schema._zod.def.element) };
  if (schema instanceof z.ZodMiniRecord) return { kind: 'map', value: shapeOf(schema._zod.def.valueType) };
  if (schema instanceof z.ZodMiniObject) {
    return {
      kind: 'struct',
      name: z.globalRegistry.get(schema)?.id ?? 'params',
      members: Object.entries(schema._zod.def.shape).map(([name, member]) => memberOf(name, member)),
    };
  }
  return { kind: 'any' };
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
  return { name, shape: shapeOf(inner), isNullable, isOptional };
}
