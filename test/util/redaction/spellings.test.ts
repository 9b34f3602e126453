import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact } from '../../../src/util/redaction/redact.js';

const masked = '<redacted>';

test.each([
  ['JSON', String.raw`p\"a\\s\/s`, String.raw`p"a\s/s`],
  ['letters as JSON escapes', String.raw`\u0073\u0065cr\u0065T`, 'secret'],
  ['JSON escapes with hexadecimal digits of both cases', String.raw`\u004A\u004a\u004B`, 'jjk'],
  ['JSON in JSON', String.raw`a\\\"b\\u0040c`, 'a"b@c'],
  ['JSON in JSON in JSON', String.raw`a\\\\\\\"b`, 'a"b'],
  ['escapes of JavaScript', String.raw`\x61\u{62}\'c`, "ab'c"],
  ['named entities', 'a&commat;b&period;c&amp;d&plus;', 'a@b.c&d+'],
  ['old entities without a semicolon', 'a&ampb&ltc&quotd', 'a&b<c"d'],
  ['a letter with a named entity', 'm&auml;r&ouml@x', 'märö@x'],
  ['numeric entities', '&#97;&#098;&#x63;&#X0064;&#64;', 'abcd@'],
  ['numeric entities without a semicolon', '&#97&#x40&#98', 'a@b'],
  ['entities in entities', 'a&amp;#64;b&amp;amp;c', 'a@b&c'],
  ['percent-encoded letters', '%61%62%43', 'abC'],
  ['percent-encoding twice', 'a%2540b%252B', 'a@b+'],
  ['percent-encoded UTF-8', '%c3%A4%e2%82%ac%F0%9F%98%80', 'ä€😀'],
  ['a form', 'a+b%2Bc', 'a b+c'],
  ['the escape function of JavaScript', '%u0061%u20ac', 'a€'],
  ['several formats', String.raw`\u0061%62&#99;D%2545`, 'abcde'],
  ['percent-encoding in JSON in HTML', 'a&bsol;u0025&lowbar;&#92;u002540', 'a%_@'],
  ['JSON after a percent sign', String.raw`a%ab\u0063d`, 'abcd'],
  ['a secret that looks like escapes', String.raw`x%41\u0041&amp;`, String.raw`x%41\u0041&amp;`],
  ['a part of such a secret in another format', 'x%2541&#64;', 'x%41@'],
])('a secret is masked in the spelling of %s', (_, text, secret) => {
  expect(redact(`-${text}-`, [secret])).toMatch(/^-(?:a%)?<redacted>-$/);
});

test.each([
  ['a b', 'a&b'],
  ['a%4', 'a@'],
  [String.raw`a\u004`, 'a@'],
  ['a&#x4', 'a@'],
  ['&unknown;', 'unknown;x'],
  ['&#99999999;', 'x99999'],
])('%j does not contain %j', (text, secret) => {
  expect(redact(text, [secret])).toBe(text);
});

test.each([
  ['a secret', 'x sec', 'x '],
  ['JSON', String.raw`x \u0073ec`, 'x '],
  ['an escape of JSON', String.raw`x sec\u007`, 'x '],
  ['an escape of an escape', String.raw`x sec\\\\u00`, 'x '],
  ['an entity', 'x s&#101;&#x00006', 'x '],
  ['a named entity', 'x sec&per', 'x '],
  ['percent-encoding', 'x s%65%', 'x '],
  ['a whole secret', 'x secret', `x ${masked}`],
  ['nothing', 'x text & more', 'x text & more'],
])('a text that was cut within %s does not end with the beginning of a secret', (_, text, shown) => {
  expect(redact(text, ['secret'], { isCut: true })).toBe(shown);
});

test('a secret of 200,000 characters is masked', () => {
  const secret = 'tok+%&\\"'.repeat(25_000);
  expect(redact(`a ${JSON.stringify(secret)} b ${encodeURIComponent(secret)}`, [secret])).toBe(
    `a "${masked}" b ${masked}`,
  );
});

/** The spellings of one character in each format. */
const spell: ((character: string) => string)[] = [
  (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  (character) => String.raw`\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  (character) => (/["\\/]/.test(character) ? `\\${character}` : character),
  (character) => `&#${character.charCodeAt(0)};`,
  (character) => `&#x${character.charCodeAt(0).toString(16)};`,
  (character) => (character === '&' ? '&amp;' : character),
  (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  (character) => (/[\w.~-]/.test(character) ? character : encodeURIComponent(character)),
];

function spelled(character: string, formats: readonly number[]): string {
  return formats.reduce((text, format) => Array.from(text, spell[format] ?? String).join(''), character);
}

/** Decoders that are independent of those of the masker. */
const decoders: ((text: string) => string)[] = [
  (text) =>
    text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_, code: string | undefined, plain: string) =>
      code === undefined ? plain : String.fromCharCode(Number.parseInt(code, 16)),
    ),
  (text) =>
    text
      .replaceAll('&amp;', '&#38;')
      .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, code: string) =>
        String.fromCharCode(Number.parseInt(code, hex === '' ? 10 : 16)),
      ),
  (text) =>
    text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
];

function decodedForms(text: string, depth: number): string[] {
  if (depth === 0) return [text];
  return [text, ...decoders.flatMap((decode) => decodedForms(decode(text), depth - 1))];
}

const secretCharacter = fc.constantFrom(...Array.from('abcdefABCDEF0123456789xyzu._~+/=-@!'));
const character = fc.oneof(secretCharacter, fc.constantFrom('\\', '%', '&', '"'));

test('no reader finds a secret again, whatever its spelling and the text around it', () => {
  const formats = fc.array(fc.nat({ max: spell.length - 1 }), { maxLength: 2 });
  const secret = fc.array(fc.tuple(secretCharacter, formats), { minLength: 11, maxLength: 30 });
  const around = fc.string({ unit: character, maxLength: 12 });
  const separator = fc.constantFrom(' ', '"', ':', '=', ',', '>');
  fc.assert(
    fc.property(
      around,
      separator,
      secret,
      separator,
      around,
      (before, opening, characters, closing, after) => {
        const hidden = characters.map(([character]) => character).join('');
        const spelling = characters.map(([character, chain]) => spelled(character, chain)).join('');
        const text = [before, opening, spelling, closing, after].join('');
        const forms = decodedForms(redact(text, [hidden]), 4);
        expect(forms.filter((form) => form.toLowerCase().includes(hidden.toLowerCase()))).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
