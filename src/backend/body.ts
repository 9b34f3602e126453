import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/**
 * Undoes what a content-encoding names: gzip, deflate, br. A body that is not compressed as it says is taken as it is. No
 * more than `maxBytes` come of it.
 */
export async function decompress(
  body: { readonly bytes: Buffer; readonly isCut: boolean },
  contentEncoding: string | readonly string[],
  maxBytes: number,
): Promise<{ bytes: Buffer; isCut: boolean }> {
  let plain = { bytes: body.bytes, isCut: body.isCut };
  for (const coding of codings(String(contentEncoding)).toReversed()) {
    const isCut = plain.isCut;
    plain = await decompressed(plain.bytes, coding, maxBytes);
    plain.isCut ||= isCut;
  }
  return plain;
}

function codings(header: string): string[] {
  return header.split(',').map((coding) => coding.trim().toLowerCase());
}

async function decompressed(
  bytes: Buffer,
  coding: string,
  maxBytes: number,
): Promise<{ bytes: Buffer; isCut: boolean }> {
  const stream = compressions.has(coding) && bytes.length > 0 && decompressor(coding, bytes);
  if (!stream) return { bytes, isCut: false };
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of Readable.from([bytes]).pipe(stream) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) return { bytes: Buffer.concat(chunks, maxBytes), isCut: true };
    }
  } catch {
    return { bytes, isCut: false };
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
}

const compressions = new Set(['gzip', 'x-gzip', 'deflate', 'br']);

/** Input that breaks off gives what there is of it: error bodies are read only up to a limit. */
function decompressor(coding: string, bytes: Buffer): Transform | undefined {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ finishFlush: Z_SYNC_FLUSH });
    case 'deflate':
      return hasZlibHeader(bytes)
        ? zlib.createInflate({ finishFlush: Z_SYNC_FLUSH })
        : zlib.createInflateRaw({ finishFlush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}

/** Servers disagree on whether "deflate" means the zlib wrapper or the bare stream. */
function hasZlibHeader(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0x0f) === 8;
}
