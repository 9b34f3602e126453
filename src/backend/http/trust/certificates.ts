import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { osErrorText } from '../../../util/files/os-error.js';
import { readSmallFile, smallFileProblem } from '../../../util/files/small-file.js';

/** The largest file of certificates that is read. A file with the roots of a system has 250 KB. */
export const maxFileBytes = 8 * 1024 * 1024;

/** Returns the text of a file. @throws an error with a `code`, as `readSmallFile` */
export function readCertificateFile(path: string): string {
  return readSmallFile(path, maxFileBytes).toString('latin1');
}

/** Returns why `readCertificateFile` failed. */
export function readProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return smallFileProblem(code, maxFileBytes) ?? osErrorText(code);
}

/** Returns the PEM blocks with certificates in a text. Other text is ignored. */
export function certificateBlocks(text: string): string[] {
  return text.match(/-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]*-----END \1-----/g) ?? [];
}

/** Returns whether a block can be read. Node silently stops at one that cannot. */
export function isCertificate(block: string): boolean {
  try {
    new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

/**
 * A set of certificates that already has those of node: OpenSSL takes a quarter of a millisecond to read one, and a file
 * with the roots of a system has 150.
 */
export interface KnownCertificates {
  has(block: string): boolean;
  add(block: string): void;
}

export function createKnownCertificates(): KnownCertificates {
  const known = new Set(rootCertificates.map(contentOf));
  return {
    has: (block) => known.has(contentOf(block)),
    add: (block) => known.add(contentOf(block)),
  };
}

/** Returns the content of a block without line breaks. */
function contentOf(block: string): string {
  return block.replace(/-----[^-]*-----|\s/g, '');
}
