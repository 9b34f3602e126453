import { expect, test } from 'vitest';
import { compareSchemas, type Differences, type SchemaSet } from './compare.mjs';

type Schemas = SchemaSet['types'];

const nothing: Differences = { same: [], added: [], missing: [], changed: [], newMethods: [], known: [] };

function compareTypes(ours: Schemas, theirs: Schemas): Differences {
  return compareSchemas({ types: ours, methods: {} }, { types: theirs, methods: {} });
}

/** Compares two versions of a type `Thing` with the member `member`. */
function compareMember(ours: object, theirs: object): Differences {
  const thing = (member: object) => ({ Thing: { type: 'object', properties: { member } } });
  return compareTypes(thing(ours), thing(theirs));
}

const text = { type: 'string' };
const color = { type: 'string', enum: ['red', 'green'] };

test('types that differ only in descriptions and in the order of their members are the same', () => {
  const ours = {
    type: 'object',
    description: 'ours',
    properties: { a: text, b: { type: ['string', 'null'], description: 'b' } },
    required: ['a'],
  };
  const theirs = {
    type: 'object',
    title: 'Thing',
    properties: { b: { anyOf: [{ type: 'null' }, text] }, a: text },
    required: ['a'],
  };
  expect(compareTypes({ Thing: ours }, { Thing: theirs })).toEqual({ ...nothing, same: ['Thing'] });
});

test('a member that only one side has is reported with its type', () => {
  const ours = { Thing: { type: 'object', properties: { here: text } } };
  const theirs = { Thing: { type: 'object', properties: { there: { type: 'integer', format: 'int64' } } } };
  expect(compareTypes(ours, theirs)).toEqual({
    ...nothing,
    added: ['Thing.there: integer (int64)'],
    missing: ['Thing.here: string'],
  });
});

test.each([
  ['null', text, { type: ['string', 'null'] }, 'string → null | string'],
  ['format', { type: 'integer', format: 'int32' }, { type: 'integer' }, 'integer (int32) → integer'],
  ['items', { type: 'array', items: text }, { type: 'array' }, 'array of string → array of any JSON'],
  [
    'default',
    { type: 'boolean' },
    { type: 'boolean', default: false },
    'boolean → boolean, without it false',
  ],
  [
    'map',
    { type: 'object', additionalProperties: text },
    { type: 'object', additionalProperties: { type: ['string', 'null'] } },
    'map to string → map to (null | string)',
  ],
  ['value', color, { ...color, enum: ['red', 'blue'] }, '"green" | "red" → "blue" | "red"'],
])('a member of another type is changed: %s', (_, ours, theirs, change) => {
  expect(compareMember(ours, theirs)).toEqual({ ...nothing, changed: [`Thing.member: ${change}`] });
});

test('a member that is required on one side only is a change', () => {
  const thing = { type: 'object', properties: { a: text } };
  const found = compareTypes({ Thing: thing }, { Thing: { ...thing, required: ['a'] } });
  expect(found.changed).toEqual(['Thing.a: string → required string']);
});

test('a named type that both sides have is compared once', () => {
  const user = (reference: string) => ({ type: 'object', properties: { color: { $ref: reference } } });
  const found = compareTypes(
    { User: user('./Color.json'), Color: color },
    { User: user('#/definitions/v2/Color'), Color: { ...color, enum: ['red', 'green', 'blue'] } },
  );
  expect(found).toEqual({ ...nothing, same: ['User'], added: ['Color "blue": a value'] });
});

test('a type under a name that only one side has is compared where it is used', () => {
  const member = { oneOf: [{ $ref: '#/definitions/Hue' }, { type: 'null' }] };
  const hue = { oneOf: [{ const: 'red' }, { const: 'green' }] };
  const theirs = { Thing: { type: 'object', properties: { member } }, Hue: hue };
  const ours = { Thing: { type: 'object', properties: { member: { anyOf: [color, { type: 'null' }] } } } };
  expect(compareTypes(ours, theirs)).toEqual({ ...nothing, same: ['Thing'] });
});

test('a recursive type is followed once', () => {
  const theirs = {
    Thing: { type: 'object', properties: { member: { $ref: '#/definitions/Tree' } } },
    Tree: {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/definitions/Tree' } } },
    },
  };
  const ours = { Thing: { type: 'object', properties: { member: text } } };
  expect(compareTypes(ours, theirs).changed).toEqual(['Thing.member: string → {children?: array of Tree}']);
});

test('the variants of a choice are compared one by one, and a missing variant is one difference', () => {
  const variant = (type: string, members: object) => ({
    type: 'object',
    properties: { type: { const: type }, ...members },
    required: ['type'],
  });
  const found = compareTypes(
    { Login: { oneOf: [variant('key', { key: text }), variant('code', { code: text })] } },
    { Login: { oneOf: [variant('key', { region: text }), variant('cloud', { cloud: text })] } },
  );
  expect(found).toEqual({
    ...nothing,
    added: ['Login(key).region: string', 'Login(cloud): object'],
    missing: ['Login(key).key: string', 'Login(code): object'],
  });
});

test('methods are compared by direction and params; others count only under account/', () => {
  const none = { direction: 'request', params: { type: 'null' } };
  const ours = { types: { P: text }, methods: { 'account/a': none, 'account/b': none, 'account/c': none } };
  const theirs = {
    types: { P: text },
    methods: {
      'account/a': none,
      'account/b': { direction: 'request', params: { $ref: '#/definitions/P' } },
      'account/new': { direction: 'notification', params: { type: 'null' } },
      'thread/new': none,
    },
  };
  expect(compareSchemas(ours, theirs)).toEqual({
    ...nothing,
    same: ['P', 'account/a'],
    changed: ['account/b: request, params null → request, params P'],
    missing: ['account/c'],
    newMethods: ['account/new: notification'],
  });
});

test('known differences are reported separately, each with its reason', () => {
  const found = compareSchemas(
    { types: { Own: text }, methods: {} },
    { types: {}, methods: {} },
    { Own: 'D18' },
  );
  expect(found).toEqual({ ...nothing, known: ['Own (D18)'] });
});
