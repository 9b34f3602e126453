import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';

/**
 * Encrypts and decrypts files in the format of age (https://age-encryption.org/v1) with a passphrase.
 *
 * The package age-encryption derives the key in JavaScript, which blocks the process for more than a second. Node does it
 * in another thread.
 */

/** The file is damaged, or the passphrase is another one. The message contains neither. */
export class AgeError extends Error {}

const firstLine = 'age-encryption.org/v1';

/** The binary logarithm of the work. Codex writes 18 on a fast machine: about a second and 256 MB. */
const workFactor = 18;

/** 1 GB of memory. */
const maxWorkFactor = 20;

const chunkBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;

/** @param work the binary logarithm of the work of deriving the key */
export async function encryptAge(plaintext: Buffer, passphrase: string, work = workFactor): Promise<Buffer> {
  const fileKey = randomBytes(16);
  const salt = randomBytes(16);
  const wrapped = seal(await keyFrom(passphrase, salt, work), Buffer.alloc(12), fileKey);
  const header = `${firstLine}\n-> scrypt ${base64(salt)} ${work}\n${base64(wrapped)}\n---`;
  const nonce = randomBytes(nonceBytes);
  const key = derived(fileKey, nonce, 'payload');
  const chunks: Buffer[] = [];
  for (let index = 0; index * chunkBytes < Math.max(plaintext.length, 1); index += 1) {
    const end = (index + 1) * chunkBytes;
    const isLast = end >= plaintext.length;
    chunks.push(seal(key, chunkNonce(index, isLast), plaintext.subarray(index * chunkBytes, end)));
  }
  return Buffer.concat([Buffer.from(`${header} ${base64(headerMac(fileKey, header))}\n`), nonce, ...chunks]);
}

/** @throws AgeError */
export async function decryptAge(file: Buffer, passphrase: string): Promise<Buffer> {
  const { header, salt, work, wrapped, mac, payload } = parse(file);
  if (work > maxWorkFactor) throw new AgeError(`the work factor ${work} is above ${maxWorkFactor}`);
  const fileKey = open(await keyFrom(passphrase, salt, work), Buffer.alloc(12), wrapped);
  if (!timingSafeEqual(headerMac(fileKey, header), mac)) throw new AgeError('the header is damaged');
  const key = derived(fileKey, payload.subarray(0, nonceBytes), 'payload');
  const sealed = payload.subarray(nonceBytes);
  const sealedChunk = chunkBytes + tagBytes;
  const chunks: Buffer[] = [];
  for (let index = 0; index === 0 || index * sealedChunk < sealed.length; index += 1) {
    const end = (index + 1) * sealedChunk;
    const isLast = end >= sealed.length;
    chunks.push(open(key, chunkNonce(index, isLast), sealed.subarray(index * sealedChunk, end)));
  }
  return Buffer.concat(chunks);
}

interface ParsedFile {
  /** Up to the three hyphens at its end. */
  readonly header: string;
  readonly salt: Buffer;
  readonly work: number;
  readonly wrapped: Buffer;
  readonly mac: Buffer;
  /** A nonce and the encrypted content. */
  readonly payload: Buffer;
}

/** With a passphrase the header has exactly one stanza, of three lines. */
const headerPattern = new RegExp(
  String.raw`^(${firstLine}\n-> scrypt ([\w+/]{22}) ([1-9]\d?)\n([\w+/]{43})\n---) ([\w+/]{43})\n`,
);

function parse(file: Buffer): ParsedFile {
  const found = headerPattern.exec(file.subarray(0, 256).toString('latin1'));
  if (!found) throw new AgeError('it is not a file of age with a passphrase');
  const [whole, header = '', salt = '', work = '', wrapped = '', mac = ''] = found;
  return {
    header,
    salt: Buffer.from(salt, 'base64'),
    work: Number(work),
    wrapped: Buffer.from(wrapped, 'base64'),
    mac: Buffer.from(mac, 'base64'),
    payload: file.subarray(whole.length),
  };
}

function keyFrom(passphrase: string, salt: Buffer, work: number): Promise<Buffer> {
  const fullSalt = Buffer.concat([Buffer.from(`${firstLine}/scrypt`), salt]);
  const options = { N: 2 ** work, r: 8, p: 1, maxmem: 2 ** work * 1024 + 2 ** 20 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, fullSalt, 32, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function derived(fileKey: Buffer, salt: Buffer, purpose: 'header' | 'payload'): Buffer {
  return Buffer.from(hkdfSync('sha256', fileKey, salt, purpose, 32));
}

function headerMac(fileKey: Buffer, header: string): Buffer {
  return createHmac('sha256', derived(fileKey, Buffer.alloc(0), 'header'))
    .update(header)
    .digest();
}

/** Returns the nonce of a chunk: its number, and whether it is the last one. So a file that is cut off is noticed. */
function chunkNonce(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

const cipher = 'chacha20-poly1305';

function seal(key: Buffer, nonce: Buffer, plaintext: Buffer): Buffer {
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  return Buffer.concat([sealing.update(plaintext), sealing.final(), sealing.getAuthTag()]);
}

/** @throws AgeError */
function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < tagBytes) throw new AgeError('the file is cut off');
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  opening.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([opening.update(sealed.subarray(0, sealed.length - tagBytes)), opening.final()]);
  } catch (cause) {
    throw new AgeError('the passphrase is another one, or the file is damaged', { cause });
  }
}

/** Encodes bytes as Base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
