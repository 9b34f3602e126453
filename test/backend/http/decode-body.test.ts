import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { decompress } from '../../../src/backend/http/decode-body.js';
import { withAccount } from '../../support/account-fixture.js';
import { answerWithCodex, bareAnswer } from '../../support/bare-answer.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const body = Buffer.from('{"plan_type":"plus","account_id":"é"}');
const shown = answerWithCodex({ planType: 'plus' }, { accountId: 'é' });

test.each([
  ['gzip', zlib.gzipSync(body)],
  ['x-gzip', zlib.gzipSync(body)],
  ['GZIP', zlib.gzipSync(body)],
  ['deflate', zlib.deflateSync(body)],
  ['deflate', zlib.deflateRawSync(body)],
  ['br', zlib.brotliCompressSync(body)],
  ['identity', body],
  ['something', body],
])('a body with content-encoding %s is read', (encoding, bytes) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers: { 'content-encoding': encoding }, body: bytes });
    expect(await read()).toEqual(shown);
  }),
);

/** The member of a gzip file with a name, a comment, an extra field and the sum of its header. */
function fullGzip(bytes: Buffer): Buffer {
  const plain = zlib.gzipSync(bytes);
  plain[3] = 2 + 4 + 8 + 16;
  const header = Buffer.concat([plain.subarray(0, 10), Buffer.from('\x02\0abname\0comment\0')]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(zlib.crc32(header) % 65_536);
  return Buffer.concat([header, sum, plain.subarray(10)]);
}

test.each([
  ['a line end', zlib.gzipSync(body), '\r\n'],
  ['zeros', zlib.gzipSync(body), '\0\0\0'],
  ['a text', zlib.gzipSync(body), 'zz'],
  ['a text, after a long header,', fullGzip(body), 'zz'],
])('%s behind a gzip body is ignored', (_what, bytes, rest) =>
  withAccount({}, async ({ backend, read }) => {
    const encoded = Buffer.concat([bytes, Buffer.from(rest)]);
    backend.script('usage', { headers: { 'content-encoding': 'gzip' }, body: encoded });
    expect(await read()).toEqual(shown);
  }),
);

/** Node has it from 22.15 and 23.8 on. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer };

test.runIf(zstdCompressSync).each([
  ['zstd', (bytes: Buffer) => zstdCompressSync?.(bytes)],
  ['ZSTD, gzip', (bytes: Buffer) => zlib.gzipSync(zstdCompressSync?.(bytes) ?? '')],
  [
    'zstd in two frames',
    (bytes: Buffer) => {
      const frames = [bytes.subarray(0, 9), bytes.subarray(9)].map((part) => zstdCompressSync?.(part));
      return Buffer.concat(frames.map((frame) => frame ?? Buffer.alloc(0)));
    },
  ],
  ['zstd, but not compressed', (bytes: Buffer) => bytes],
])('a body with the label %s is read if node can decode it', (label, encode) =>
  withAccount({}, async ({ backend, read }) => {
    const encoding = label.replace(/ in two frames|, but .*/, '');
    backend.script('usage', { headers: { 'content-encoding': encoding }, body: encode(body) ?? '' });
    expect(await read()).toEqual(shown);
  }),
);

test.runIf(zstdCompressSync)('a zstd body that is larger than 8 MiB when decoded is refused', () =>
  withAccount({}, async ({ backend, read }) => {
    const half = zstdCompressSync?.(Buffer.alloc(5 * 1024 * 1024, ' ')) ?? Buffer.alloc(0);
    backend.script('usage', { headers: { 'content-encoding': 'zstd' }, body: Buffer.concat([half, half]) });
    const message = expect.stringContaining(': reply above 8 MiB; ') as string;
    expect(await read()).toMatchObject({ error: { message, data: { kind: 'badReply' } } });
  }),
);

test.skipIf(zstdCompressSync)('a body with the label zstd is taken as it is if node cannot decode it', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers: { 'content-encoding': 'zstd' }, body });
    expect(await read()).toEqual(shown);
  }),
);

test('a body that is compressed twice, according to two headers, is read', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', (_request, response) => {
      response.setHeader('content-encoding', ['gzip', 'br']);
      response.end(zlib.brotliCompressSync(zlib.gzipSync(body)));
      return 'handled';
    });
    expect(await read()).toEqual(shown);
  }));

const compressedTimes = (times: number): Buffer =>
  Array.from({ length: times }).reduce<Buffer>((bytes) => zlib.gzipSync(bytes), body);

test.each([
  ['gzip, gzip, gzip', compressedTimes(3)],
  ['identity, gzip, something, gzip, gzip, identity', compressedTimes(3)],
])('a body with three layers of compression (%s) is read', (encoding, bytes) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers: { 'content-encoding': encoding }, body: bytes });
    expect(await read()).toEqual(shown);
  }),
);

test.each([
  ['four layers', Array(4).fill('gzip').join()],
  ['30,000 layers', Array(30_000).fill('gzip').join()],
])('a body with %s of compression is not decompressed', (_, encoding) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers: { 'content-encoding': encoding }, body: compressedTimes(4) });
    const message = expect.stringContaining(': not JSON; ') as string;
    expect(await read()).toMatchObject({ error: { message, data: { kind: 'badReply' } } });
    // An unlabelled body succeeds, so the header alone causes no error.
    backend.script('usage', { headers: { 'content-encoding': encoding }, body });
    expect(await read()).toEqual(shown);
  }),
);

test('decompression ends with the reason of the signal', async () => {
  const controller = new AbortController();
  const bytes = zlib.gzipSync(Buffer.alloc(1024 * 1024));
  const limits = { maxBytes: 8 * 1024 * 1024, signal: controller.signal };
  const work = decompress({ bytes, isCut: false }, 'gzip', limits);
  controller.abort(new Error('the time is up'));
  await expect(work).rejects.toThrow('the time is up');
});

test('compressed details are read', () =>
  withAccount({ clock: createManualClock() }, async ({ backend, read }) => {
    backend.script('usage', { body: {} });
    backend.script('credits', {
      headers: { 'content-encoding': 'gzip' },
      body: zlib.gzipSync('{"available_count":3,"credits":[]}'),
    });
    expect(await read({})).toEqual(bareAnswer({ rateLimitResetCredits: { availableCount: 3, credits: [] } }));
  }));

test('a compressed response to a consume is read', () =>
  withAccount({}, async ({ backend, consume }) => {
    const headers = { 'content-encoding': 'gzip' };
    backend.script('consume', { headers, body: zlib.gzipSync('{"code":"reset"}') });
    expect(await consume()).toEqual({ result: { outcome: 'reset' } });
  }));

test.each([
  ['application/json', body],
  ['text/html', body],
  ['', body],
  ['application/json; charset=utf-8', body],
  ['application/json; charset=latin1', Buffer.from(body.toString(), 'latin1')],
  ['application/json;charset="ISO-8859-1"; x=y', Buffer.from(body.toString(), 'latin1')],
  ['application/json; charset=windows-1252', Buffer.from(body.toString(), 'latin1')],
  ['application/json; charset=utf-16le', Buffer.from(body.toString(), 'utf16le')],
  ['application/json; charset=no-such', body],
])('a body of content type %j is decoded with its charset', (contentType, bytes) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { headers: { 'content-type': contentType }, body: bytes });
    expect(await read()).toEqual(shown);
  }),
);

test.each(['windows-1252', 'latin1'])('%s has characters where ISO 8859-1 has controls', (charset) =>
  withAccount({}, async ({ backend, read }) => {
    const headers = { 'content-type': `application/json; charset=${charset}` };
    const bytes = Buffer.from('{"account_id":"\x80 \x81 \x92 \x99 \x9f"}', 'latin1');
    backend.script('usage', { headers, body: bytes });
    expect(await read()).toEqual(bareAnswer({ accountId: '€ \x81 ’ ™ Ÿ' }));
  }),
);

test('bytes that do not fit the charset become replacement characters', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: Buffer.from('{"account_id":"\u00e9"}', 'latin1') });
    expect(await read()).toEqual(bareAnswer({ accountId: '\ufffd' }));
  }));

test('a byte order mark and white space around the body are ignored', () =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: `\ufeff \r\n\t${body.toString()}\n` });
    expect(await read()).toEqual(shown);
  }));

test('unknown members are ignored, even if they are repeated or nested', () =>
  withAccount({}, async ({ backend, read }) => {
    const deep = '['.repeat(126) + ']'.repeat(126);
    backend.script('usage', { body: `{"x":1,"x":${deep},"plan_type":"free","plan_type":"plus"}` });
    expect(await read()).toEqual(answerWithCodex({ planType: 'plus' }));
  }));

test.each([200, 201, 202, 206])('the status %i is a success', (status) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { status, body });
    expect(await read()).toEqual(shown);
  }),
);
