import { elementTexts, memberSpans, memberText } from '../../framing/raw-spans.js';
import { type Method, methods } from '../../protocol/methods.js';
import { paramShapes } from '../../protocol/param-shapes.js';
import type { Shape, ShapeMember } from '../../protocol/generate/shape.js';
import { AppError } from '../../util/errors.js';

/**
 * Checks and returns the params of a method.
 *
 * @throws AppError `invalidRequest` with the reference's text and the wrong member
 */
export function readParams(method: Method, paramsText: string | undefined): object {
  if (paramsText === undefined && !methods[method].paramsOptional) {
    throw new AppError('invalidRequest', 'Invalid request: missing field `params`', {
      details: { member: 'params' },
    });
  }
  return valueFromText(paramShapes[method], paramsText ?? '{}') as object;
}

/**
 * Checks and returns the value of a JSON text. An array in place of an object holds the members in their order.
 *
 * The error names the first wrong member in the order of the text, or a missing one if all others are right.
 *
 * @throws AppError `invalidRequest` with the reference's text and the wrong member
 */
export function valueFromText(shape: Shape, text: string): unknown {
  return readValue(shape, text, []);
}

type Path = readonly string[];

function readValue(shape: Shape, text: string, path: Path): unknown {
  switch (shape.kind) {
    case 'any':
      return JSON.parse(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wrongType(text, 'a boolean', path);
      return text === 'true';
    case 'integer':
      if (!/^-?\d+$/.test(text)) throw wrongType(text, 'i64', path);
      return Number(text);
    case 'string':
      if (!text.startsWith('"')) throw wrongType(text, 'a string', path);
      return JSON.parse(text);
    case 'unit':
      if (!text.startsWith('{') || memberSpans(text).next().done !== true)
        throw wrongType(text, 'unit', path);
      return {};
    case 'enum':
      return readEnum(shape.values, text, path);
    case 'list':
      if (!text.startsWith('[')) throw wrongType(text, 'a sequence', path);
      return Array.from(elementTexts(text), (element, index) =>
        readValue(shape.element, element, [...path, `${index}`]),
      );
    case 'map':
      if (!text.startsWith('{')) throw wrongType(text, 'a map', path);
      return JSON.parse(text);
    case 'struct':
      if (text.startsWith('[')) return readPositional(shape, elementTexts(text), path);
      if (text.startsWith('{')) return readStruct(shape, text, path);
      throw wrongType(text, `struct ${shape.name}`, path);
    case 'tagged':
      return readTagged(shape, text, path);
  }
}

/** Reads one of the values. Like the reference, it also accepts an object with the value as its only key, and null. */
function readEnum(values: readonly string[], text: string, path: Path): string {
  if (!text.startsWith('"') && !text.startsWith('{')) throw wrongType(text, 'string or map', path);
  const [only, another] = text.startsWith('{') ? memberSpans(text) : [];
  if (text.startsWith('{') && (!only || another)) {
    throw refused('invalid value: map, expected map with a single key', path);
  }
  const value = only?.key ?? (JSON.parse(text) as string);
  if (!values.includes(value)) throw refused(`unknown variant \`${value}\`, expected ${anyOf(values)}`, path);
  const content = only ? text.slice(only.start, only.end) : 'null';
  if (content !== 'null') throw wrongType(content, 'unit', path);
  return value;
}

function anyOf(values: readonly string[]): string {
  const quoted = values.map((value) => `\`${value}\``);
  return quoted.length === 2 ? quoted.join(' or ') : `one of ${quoted.join(', ')}`;
}

type Struct = Extract<Shape, { kind: 'struct' }>;
type Tagged = Extract<Shape, { kind: 'tagged' }>;

/** Reads an object whose tag names the variant. In an array the tag comes first. */
function readTagged(tagged: Tagged, text: string, path: Path): unknown {
  const { tag, variants } = tagged;
  const isArray = text.startsWith('[');
  if (!isArray && !text.startsWith('{')) {
    throw wrongType(text, `internally tagged enum ${tagged.name}`, path);
  }
  const elements = isArray ? elementTexts(text) : undefined;
  const tagText = elements ? (elements.next().value as string | undefined) : memberText(text, tag);
  if (tagText === undefined) throw refused(`missing field \`${tag}\``, [...path, tag]);
  const variant = readTag(Object.keys(variants), tagText, [...path, tag]);
  const struct: Struct = { kind: 'struct', name: tagged.name, members: variants[variant] ?? [] };
  const members = elements ? readPositional(struct, elements, path) : readStruct(struct, text, path);
  return { ...(members as object), [tag]: variant };
}

/** Reads the name of a variant. Like the reference, it also accepts the index of the variant. */
function readTag(names: readonly string[], text: string, path: Path): string {
  if (/^-?\d+$/.test(text)) {
    const name = names[Number(text)];
    if (name !== undefined) return name;
    throw refused(`invalid value: ${found(text)}, expected variant index 0 <= i < ${names.length}`, path);
  }
  if (!text.startsWith('"')) throw wrongType(text, 'variant identifier', path);
  const name = JSON.parse(text) as string;
  if (!names.includes(name)) throw refused(`unknown variant \`${name}\`, expected ${anyOf(names)}`, path);
  return name;
}

function readStruct(struct: Struct, text: string, path: Path): unknown {
  const texts = new Map<string, string>();
  for (const { key, start, end } of memberSpans(text)) {
    if (struct.members.some(({ name }) => name === key)) texts.set(key, text.slice(start, end));
  }
  const values: Record<string, unknown> = {};
  for (const [name, memberText] of texts) {
    const member = struct.members.find((known) => known.name === name);
    if (member) values[name] = readMember(member, memberText, path);
  }
  const missing = struct.members.find(({ name, isOptional }) => !isOptional && !texts.has(name));
  if (missing) throw refused(`missing field \`${missing.name}\``, [...path, missing.name]);
  return values;
}

function readPositional(struct: Struct, elements: Iterable<string>, path: Path): unknown {
  const { name } = struct;
  const members = struct.members.filter(({ isNamedOnly = false }) => !isNamedOnly);
  const texts: string[] = [];
  let length = 0;
  for (const text of elements) if ((length += 1) <= members.length) texts.push(text);
  const count = `${members.length} ${members.length === 1 ? 'element' : 'elements'}`;
  const values: Record<string, unknown> = {};
  for (const [index, member] of members.entries()) {
    const text = texts[index];
    if (text !== undefined) values[member.name] = readMember(member, text, path);
    else if (!hasDefault(member)) {
      throw refused(`invalid length ${index}, expected struct ${name} with ${count}`, [...path, member.name]);
    }
  }
  if (length <= members.length) return values;
  throw refused(`invalid length ${length}, expected ${count} in sequence`, path);
}

/** Reports whether an array may leave the member out. A nullable member may not be left out, as in the reference. */
function hasDefault({ isOptional, isNullable }: ShapeMember): boolean {
  return isOptional && !isNullable;
}

function readMember(member: ShapeMember, text: string, path: Path): unknown {
  return text === 'null' && member.isNullable ? null : readValue(member.shape, text, [...path, member.name]);
}

function wrongType(text: string, expected: string, path: Path): AppError {
  return refused(`invalid type: ${found(text)}, expected ${expected}`, path);
}

function refused(reason: string, path: Path): AppError {
  return new AppError('invalidRequest', `Invalid request: ${reason}`, {
    details: { member: path.length === 0 ? 'params' : path.join('.') },
  });
}

/** Describes a JSON text in the reference's words: `string "x"`, `integer `5``, `map`. */
function found(text: string): string {
  const first = text.charAt(0);
  if (first === '"') return `string ${quoted(JSON.parse(text) as string)}`;
  if (first === '[') return 'sequence';
  if (first === '{') return 'map';
  if (first === 'n') return 'null';
  if (first === 't' || first === 'f') return `boolean \`${text}\``;
  return /^-?\d+$/.test(text) ? `integer \`${text === '-0' ? '0' : text}\`` : `floating point \`${text}\``;
}

const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
]);

/** Quotes text as Rust's debug format does: unprintable characters become `\u{…}`, an apostrophe stays. */
function quoted(text: string): string {
  const escaped = text.replace(
    /["\\]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Grapheme_Extend}]/gu,
    (character) =>
      character === ' '
        ? character
        : (escapes.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`),
  );
  return `"${escaped}"`;
}
