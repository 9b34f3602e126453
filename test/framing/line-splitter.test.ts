import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame as Line } from '../../src/framing/frame.js';
import { readLines } from '../../src/framing/line-splitter.js';

const maxLineBytes = 12;

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<Line[]> {
  const lines: Line[] = [];
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const line of readLines(input, maxLineBytes)) lines.push(line);
  return lines;
}

function texts(...expected: string[]): Line[] {
  return expected.map((text) => ({ kind: 'text', text }));
}

/** Returns the same lines in another way: from the whole input at once, with the decoder of the platform. */
function linesOfWhole(input: Uint8Array): Line[] {
  const bytes = Buffer.from(input);
  const lines: Line[] = [];
  for (let start = 0; start <= bytes.length;) {
    const end = bytes.indexOf('\n', start) < 0 ? bytes.length : bytes.indexOf('\n', start);
    lines.push(decoded(bytes.subarray(start, end)));
    start = end + 1;
  }
  return lines.filter((line) => line.kind !== 'text' || line.text.replace(/[ \t\r]/g, '') !== '');
}

function decoded(bytes: Uint8Array): Line {
  if (bytes.length > maxLineBytes) return { kind: 'tooLong' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'notUtf8' };
  }
}

const anyBytes = fc
  .array(
    fc.oneof(
      fc
        .constantFrom('\n', '\n', '\r\n', ' ', '\ufeff', 'é', '😀', '\u2028', '{"a":1}', 'long enough')
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 3 }),
    ),
  )
  .map((parts) => Buffer.concat(parts));

test('the lines of a stream do not depend on its chunks', () =>
  fc.assert(
    fc.asyncProperty(anyBytes, fc.array(fc.nat()), async (bytes, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(await linesOf(...chunks)).toEqual(linesOfWhole(bytes));
    }),
    { numRuns: 1000 },
  ));

test.each([
  ['several lines in one chunk', ['a\nb\nc\n'], texts('a', 'b', 'c')],
  ['a line in several chunks', ['a', 'b', '', 'c\n'], texts('abc')],
  ['a character in two chunks', [[0xc3], [0xa9, 0x0a]], texts('é')],
  ['a last line without its end', ['a\nb'], texts('a', 'b')],
  ['CRLF, whose CR stays', ['a\r\nb\r\r\n'], texts('a\r', 'b\r\r')],
  ['a lone CR, U+2028 and U+0085, which end nothing', ['a\rb\u2028c\u0085\n'], texts('a\rb\u2028c\u0085')],
  ['empty and blank lines, which do not count', ['\n\r\n \t\r\n\na\n\n'], texts('a')],
  ['nothing', [], []],
  ['a byte order mark at the start of a line', ['\ufeffa\n\ufeffb\n'], texts('a', 'b')],
  [
    'a byte order mark in two chunks',
    [
      [0xef, 0xbb],
      [0xbf, 0x61],
    ],
    texts('a'),
  ],
  ['a byte order mark and nothing else', ['\ufeff\n'], []],
  ['a byte order mark in the middle', ['a\ufeff\n'], texts('a\ufeff')],
  ['two byte order marks', ['\ufeff\ufeffa\n'], texts('\ufeffa')],
  ['no-break space, which is not blank', ['\u00a0\n'], texts('\u00a0')],
])('reading copes with %s', async (_what, chunks: (string | number[])[], lines) => {
  expect(await linesOf(...chunks.map((chunk) => Buffer.from(chunk as string)))).toEqual(lines);
});

test.each([
  ['a stray byte', [0x61, 0xff]],
  ['a stray continuation', [0x80]],
  ['a character that lacks its end', [0xe2, 0x82]],
  ['an overlong form', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
])('%s makes only its own line unreadable', async (_what, bytes) => {
  expect(await linesOf('a\n', Buffer.from(bytes), '\nb\n')).toEqual([
    ...texts('a'),
    { kind: 'notUtf8' },
    ...texts('b'),
  ]);
});

test('a line of the maximum length is read, and one byte more is too long', async () => {
  const greatest = 'x'.repeat(maxLineBytes);
  expect(await linesOf(`${greatest}\n${greatest}y\nb\n`)).toEqual([
    ...texts(greatest),
    { kind: 'tooLong' },
    ...texts('b'),
  ]);
});

test('a line that is too long is reported once, as soon as it exceeds the limit', async () => {
  let chunksTaken = 0;
  async function* chunks() {
    for (const text of ['xxxxx', 'xxxxx', 'xxxxx', 'xxxxx', 'x\nb\n']) {
      chunksTaken += 1;
      yield await Promise.resolve(Buffer.from(text));
    }
  }
  const reported: { line: Line; chunksTaken: number }[] = [];
  for await (const line of readLines(chunks(), maxLineBytes)) reported.push({ line, chunksTaken });
  expect(reported).toEqual([
    { line: { kind: 'tooLong' }, chunksTaken: 3 },
    { line: { kind: 'text', text: 'b' }, chunksTaken: 5 },
  ]);
});
