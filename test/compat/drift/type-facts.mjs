/**
 * Lists the facts of the JSON Schemas about a type, one for each place: `Account(chatgpt).email` → `required null |
 * string`. Descriptions and titles do not count.
 *
 * `types` are the schemas by their names; references to them are followed, except those that
 * `isShared` keeps as names because they are compared separately.
 */
export function typeFacts(name, types, isShared) {
  return new Map(places(types[name], name, { types, isShared, open: [name] }));
}

/** Describes the type of a schema in one line: `PlanType | null`, `array of string`, `{a: string, b?: boolean}`. */
export function typeText(schema, types, isShared) {
  return textOf(schema, { types, isShared, open: [] });
}

function places(schema, place, context) {
  const variants = schema.oneOf ?? schema.anyOf;
  const labels = variants?.map(labelOf);
  if (labels?.every((label) => label !== undefined)) {
    return variants.flatMap((variant, index) => places(variant, `${place}(${labels[index]})`, context));
  }
  if (schema.properties) {
    const members = Object.entries(schema.properties).map(([member, type]) => {
      const need = schema.required?.includes(member) ? 'required ' : '';
      const without = type.default === undefined ? '' : `, without it ${JSON.stringify(type.default)}`;
      return [`${place}.${member}`, need + textOf(type, context) + without];
    });
    return [[place, 'object'], ...members];
  }
  const parts = alternatives(schema, context);
  if (parts.every((part) => part.startsWith('"')))
    return parts.map((value) => [`${place} ${value}`, 'a value']);
  return [[place, parts.join(' | ')]];
}

/** Returns the single value of the member that distinguishes the variants of a choice. */
function labelOf({ properties = {} }) {
  for (const { const: value, enum: values = [value] } of Object.values(properties)) {
    if (values.length === 1 && values[0] !== undefined) return values[0];
  }
  return undefined;
}

function textOf(schema, context) {
  return alternatives(schema, context).join(' | ');
}

/** Sorts the texts and removes duplicates. */
function alternatives(schema, context) {
  return [...new Set(parts(schema, context))].sort();
}

function parts(schema, context) {
  if (schema === true) return ['any JSON'];
  if (schema.$ref) return referredParts(schema.$ref, context);
  const choice = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choice) return choice.flatMap((variant) => parts(variant, context));
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
  if (schema.type === undefined) return ['any JSON'];
  return [schema.type].flat().map((type) => typePart(type, schema, context));
}

function referredParts(reference, context) {
  const name = reference
    .split('/')
    .at(-1)
    .replace(/\.json$/, '');
  if (context.isShared(name) || context.open.includes(name)) return [name];
  const target = context.types[name];
  if (target === undefined) throw new Error(`no type ${name}`);
  return parts(target, { ...context, open: [...context.open, name] });
}

function typePart(type, schema, context) {
  if (type === 'array') return `array of ${bracketed(textOf(schema.items ?? true, context))}`;
  if (type !== 'object') return schema.format && type !== 'null' ? `${type} (${schema.format})` : type;
  const members = Object.entries(schema.properties ?? {}).map(
    ([member, value]) =>
      `${member}${schema.required?.includes(member) ? '' : '?'}: ${textOf(value, context)}`,
  );
  if (members.length > 0) return `{${members.sort().join(', ')}}`;
  if (!schema.additionalProperties) return 'object';
  return `map to ${bracketed(textOf(schema.additionalProperties, context))}`;
}

function bracketed(text) {
  return text.includes(' | ') ? `(${text})` : text;
}
