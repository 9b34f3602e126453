import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame, Framing } from '../../../src/framing/frame.js';
import { createFrameSplitter } from '../../../src/framing/read-frames.js';
import { withAccount } from '../../support/account-fixture.js';
import { createHeaderClient, framedMessage, initializeMessage } from './header-frames.js';

const maxBytes = 40;

function framesOf(chunks: readonly Uint8Array[]): (Frame | Framing)[] {
  const frames: (Frame | Framing)[] = [];
  const splitter = createFrameSplitter({ maxBytes, onFraming: (framing) => frames.push(framing) });
  for (const chunk of chunks) frames.push(...splitter.take(chunk));
  frames.push(...splitter.end());
  return frames;
}

/** Cuts the stream into chunks, some of them empty, at places that are taken modulo its length. */
function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

const bodies = fc.array(
  fc.string({ unit: fc.constantFrom('{', '"', 'é', '😀', '\r', '\n', ':'), maxLength: 30 }),
  {
    maxLength: 5,
  },
);
const lengthHeader = fc.constantFrom('Content-Length: ', 'content-length:', 'CONTENT-LENGTH: \t');
const otherHeaders = fc.constantFrom('', '\r\nContent-Type: x', '\r\nX: Content-Length');

function framedBy(length: string, others: string): (body: string) => string {
  return (body) => `${length}${Buffer.byteLength(body)}${others}\r\n\r\n${body}`;
}

test('framed messages do not depend on the chunks of their stream', () =>
  fc.assert(
    fc.property(bodies, lengthHeader, otherHeaders, fc.array(fc.nat()), (texts, length, others, cuts) => {
      const stream = Buffer.from(texts.map(framedBy(length, others)).join(''));
      const expected = texts.map((text) =>
        Buffer.byteLength(text) > maxBytes ? { kind: 'tooLong' } : { kind: 'text', text },
      );
      const framing = texts.length === 0 ? 'lines' : 'headers';
      expect(framesOf(cutAt(stream, cuts))).toEqual([framing, ...expected]);
    }),
    { numRuns: 1000 },
  ));

const oddPart = fc.oneof(
  fc.constantFrom(
    'Content-Length: ',
    'content-length:',
    '5',
    '0',
    '99',
    '\r\n',
    '\r\n\r\n',
    '\n',
    ' ',
    'é',
    '{"a":1}',
    'Content-',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

test('any bytes give the same frames in any chunks', () =>
  fc.assert(
    fc.property(
      fc.array(oddPart),
      fc.uint8Array({ maxLength: 2 }),
      fc.array(fc.nat()),
      (parts, end, cuts) => {
        const stream = Buffer.concat([Buffer.from(parts.join('')), end]);
        expect(framesOf(cutAt(stream, cuts))).toEqual(framesOf([stream]));
      },
    ),
    { numRuns: 2000 },
  ));

test('a stream can be sent byte by byte', () =>
  withAccount({ isInitialized: false }, async ({ server }) => {
    const client = createHeaderClient(server);
    const stream = Buffer.from(
      framedMessage(initializeMessage) + framedMessage({ id: '😀', method: 'getAuthStatus', params: {} }),
    );
    for (const byte of stream) server.write(Buffer.from([byte]));
    const [first, second] = await client.untilBodies(2);
    expect(first).toContain('"userAgent":"é😀/0.171.0 ');
    expect(second).toMatch(/^\{"jsonrpc":"2.0","id":"😀","result":\{"authMethod":"chatgpt"/);
  }));

test.each([
  ['one byte short of the word', 'Content-Length', ['lines', { kind: 'text', text: 'Content-Length' }]],
  ['the word alone', 'Content-Length:', ['headers', { kind: 'badHeader' }]],
  [
    'a blank before it',
    ' Content-Length: 1\r\n\r\nx',
    ['lines', { kind: 'text', text: ' Content-Length: 1\r' }, { kind: 'text', text: 'x' }],
  ],
  ['a body that is cut off', 'Content-Length: 5\r\n\r\nabc', ['headers', { kind: 'text', text: 'abc' }]],
  ['a length beyond the limit', 'Content-Length: 41\r\n\r\nabc', ['headers', { kind: 'tooLong' }]],
])('the first bytes select the framing: %s', (_what, text, frames) => {
  expect(framesOf([Buffer.from(text)])).toEqual(frames);
});
