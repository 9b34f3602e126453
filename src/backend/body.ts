import { promisify, TextDecoder } from 'node:util';
import * as zlib from 'node:zlib';

export interface BodyFormat {
  readonly contentType: string;
  readonly contentEncoding: string | undefined;
  readonly maxBytes: number;
}

/**
 * The body as text: decompressed (gzip, deflate, br), then decoded with the charset of the content type. An unknown
 * charset counts as UTF-8, bytes that do not fit become U+FFFD. Above `maxBytes` it is cut.
 *
 * @throws Error for a body that is not compressed as it says
 */
export async function decodeBody(
  bytes: Buffer,
  format: BodyFormat,
): Promise<{ text: string; isCut: boolean }> {
  const decompress = decompressor(format.contentEncoding, bytes);
  if (!decompress) return { text: textDecoder(format.contentType).decode(bytes), isCut: false };
  try {
    const plain = await decompress(bytes, { maxOutputLength: format.maxBytes });
    return { text: textDecoder(format.contentType).decode(plain), isCut: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return { text: '', isCut: true };
    throw error;
  }
}

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

function decompressor(encoding: string | undefined, bytes: Buffer): Decompress | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
    case 'deflate':
      return promisify<Buffer, zlib.ZlibOptions, Buffer>(
        hasZlibHeader(bytes) ? zlib.inflate : zlib.inflateRaw,
      );
    case 'br':
      return promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);
    default:
      return undefined;
  }
}

/** Servers disagree on whether "deflate" means the zlib wrapper or the bare stream. */
function hasZlibHeader(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8;
}

function textDecoder(contentType: string): TextDecoder {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
