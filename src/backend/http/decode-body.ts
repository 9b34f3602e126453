import { addAbortSignal, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { textFromUtf8 } from '../../util/text/utf8.js';

/** A body with more layers of compression is taken as it is. */
const maxLayers = 3;

/**
 * Undoes a content-encoding: gzip, deflate, br or, if this node can decode it, zstd, in at most three layers. A body that
 * is not compressed as its header says is taken as it is (D24). Of the plain body at most `maxBytes` are kept, and of what
 * is between two layers, too.
 *
 * @throws the signal's reason once it is aborted
 */
export async function decompress(
  body: { readonly bytes: Buffer; readonly isCut: boolean },
  contentEncoding: string | readonly string[],
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<{ bytes: Buffer; isCut: boolean }> {
  let plain = { bytes: body.bytes, isCut: body.isCut };
  const layers = compressionsIn(String(contentEncoding));
  if (layers.length > maxLayers) return plain;
  for (const coding of layers.toReversed()) {
    const isCut = plain.isCut;
    plain = await decompressed(plain.bytes, coding, { maxBytes, signal });
    plain.isCut ||= isCut;
  }
  return plain;
}

function compressionsIn(header: string): string[] {
  const codings = header.split(',').map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => compressions.has(coding));
}

async function decompressed(
  bytes: Buffer,
  coding: string,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<{ bytes: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  let rest = bytes;
  try {
    do {
      const stream = rest.length > 0 && decompressor(coding, rest);
      if (!stream) return { bytes, isCut: false };
      for await (const chunk of addAbortSignal(signal, stream).end(rest) as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) return { bytes: Buffer.concat(chunks, maxBytes), isCut: true };
      }
      rest = rest.subarray(stream.bytesWritten);
    } while (coding === 'zstd' && isZstdFrame(rest));
  } catch (error) {
    signal.throwIfAborted();
    const body = isHeaderError(error) ? gzipBody(bytes) : undefined;
    const plain = body && (await decompressed(body, rawDeflate, { maxBytes, signal }));
    return plain && plain.bytes !== body ? plain : { bytes, isCut: false };
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
}

/** A name of our own: the header value `deflate` may also mean the zlib format. */
const rawDeflate = 'raw deflate';

/** Returns whether a gzip member, or what is behind it, does not begin as one. */
function isHeaderError(error: unknown): boolean {
  return error instanceof Error && error.message === 'incorrect header check';
}

/**
 * Returns what follows the header of a gzip member; undefined if there is none. Its compressed data end by themselves, so
 * that bytes behind the member do no harm.
 */
function gzipBody(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 10 || bytes.readUInt16LE() !== 0x8b1f) return undefined;
  const flags = bytes[3] ?? 0;
  let start = 10;
  if (flags & 4) start += 2 + (bytes[start] ?? 0) + 256 * (bytes[start + 1] ?? 0);
  // A name and a comment end with a zero.
  for (const flag of [8, 16]) if (flags & flag) start = bytes.indexOf(0, start) + 1;
  return bytes.subarray(flags & 2 ? start + 2 : start);
}

const compressions = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

/** A stream of node:zlib. `bytesWritten` is the number of bytes that it has used. */
type Decompressor = Transform & { readonly bytesWritten: number };

/** Truncated input yields what can be decoded of it: error bodies are read only up to a limit. */
function decompressor(coding: string, bytes: Buffer): Decompressor | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ finishFlush: Z_SYNC_FLUSH });
    case 'deflate':
      return hasZlibHeader(bytes)
        ? zlib.createInflate({ finishFlush: Z_SYNC_FLUSH })
        : zlib.createInflateRaw({ finishFlush: Z_SYNC_FLUSH });
    case rawDeflate:
      return zlib.createInflateRaw({ finishFlush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zstd.createZstdDecompress?.({ finishFlush: zstd.constants.ZSTD_e_flush });
    default:
      return undefined;
  }
}

/** Node decompresses only the first frame of several. */
function isZstdFrame(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE() === 0xfd2fb528;
}

/** Node has it from 22.15 and 23.8 on. */
const zstd = zlib as {
  readonly createZstdDecompress?: (options: { finishFlush: number | undefined }) => Decompressor;
  readonly constants: { readonly ZSTD_e_flush?: number };
};

/** Servers disagree on whether "deflate" means the zlib format or the raw stream. */
function hasZlibHeader(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8;
}

/**
 * Decodes a body by the charset of its content type, UTF-8 if that is unknown. Invalid bytes become U+FFFD.
 */
export function decodeText(bytes: Buffer, contentType: string): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  // A TextDecoder takes a millisecond to set up.
  if (charset === undefined || /^utf-?8$/i.test(charset)) return textFromUtf8(bytes);
  const decoder = decoderFor(charset);
  const text = decoder.decode(bytes);
  // Node 20 decodes windows-1252, which the Encoding Standard also means by latin1, as ISO 8859-1.
  return decoder.encoding === 'windows-1252' ? text.replace(/[\x80-\x9f]/g, windows1252Character) : text;
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** The characters of windows-1252 from 0x80 to 0x9f; five of these bytes stay control characters. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252Character(control: string): string {
  return windows1252.charAt(control.charCodeAt(0) - 0x80);
}
