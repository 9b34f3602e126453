import { opendirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import tls from 'node:tls';
import type { Environment } from '../proxy.js';
import {
  certificateBlocks,
  type KnownCertificates,
  maxFileBytes,
  readCertificateFile,
  readProblem,
} from './certificates.js';
import { systemPlaces } from './system-places.js';

export interface SystemRoots {
  /** In PEM; none of them was known. */
  readonly certificates: readonly string[];
  /** Each names a path and says why it was not used. */
  readonly problems: readonly string[];
}

/**
 * Reads the roots that the system and the variables of other programs name:
 *
 * - the files in NODE_EXTRA_CA_CERTS and, beside CODEX_CA_CERTIFICATE, in SSL_CERT_FILE
 * - the file and the folder of the system; SSL_CERT_DIR, a list, replaces the folder
 * - on macOS and Windows the system's store, if this version of node can read it
 *
 * Never throws. A file that cannot be used counts as missing, as in codex.
 */
export function readSystemRoots(environment: Environment, known: KnownCertificates): SystemRoots {
  const { CODEX_CA_CERTIFICATE: chosen, SSL_CERT_FILE, SSL_CERT_DIR, NODE_EXTRA_CA_CERTS } = environment;
  const hasCaFile = Boolean(chosen || SSL_CERT_FILE);
  const hasFiles = process.platform !== 'darwin' && process.platform !== 'win32';
  const { file, folder } = hasFiles ? systemPlaces(hasCaFile) : { file: undefined, folder: undefined };
  const files = [NODE_EXTRA_CA_CERTS, chosen && SSL_CERT_FILE, file];
  const folders = SSL_CERT_DIR ? SSL_CERT_DIR.split(delimiter) : [folder];

  const certificates: string[] = [];
  const problems: string[] = [];
  /** Returns whether the text has certificates, new ones or not. */
  const add = (text: string): boolean => {
    const blocks = certificateBlocks(text);
    const found = blocks.filter((block) => !known.has(block));
    found.forEach(known.add);
    certificates.push(...found);
    return blocks.length > 0;
  };
  const addFile = (path: string, isFromList: boolean): number => {
    try {
      const text = readCertificateFile(path);
      if (!add(text) && !isFromList) problems.push(`${path}: no certificates found in PEM file`);
      return text.length;
    } catch (error) {
      const isOrdinary = isFromList && ordinaryCodes.has((error as NodeJS.ErrnoException).code);
      if (!isOrdinary) problems.push(`${path}: ${readProblem(error)}`);
      return 0;
    }
  };

  for (const path of files) if (path) addFile(path, false);
  for (const path of folders) {
    if (!path) continue;
    const { names, problem } = fileNames(path, hasCaFile ? /./s : hashedName);
    if (problem !== undefined) problems.push(`${path}: ${problem}`);
    let bytesLeft = maxFileBytes;
    for (const name of names) {
      bytesLeft -= addFile(join(path, name), true);
      if (bytesLeft >= 0) continue;
      problems.push(`${path}: files above ${maxFileBytes / 2 ** 20} MiB together`);
      break;
    }
  }
  if (!hasFiles) add(storedCertificates(problems).join('\n'));
  return { certificates, problems };
}

/** OpenSSL finds certificates in a folder by the hash of their subject. */
const hashedName = /^[0-9a-f]{8}\.\d+$/;

/** A folder of certificates may have links to nowhere, folders and other things in it. */
const ordinaryCodes = new Set<unknown>(['ENOENT', 'EISDIR', 'EINVAL', 'ENXIO']);

/** A folder of certificates has some hundred entries. */
const maxEntries = 10_000;

/** Returns the names in a folder that match, among its first entries. */
function fileNames(path: string, wanted: RegExp): { names: string[]; problem?: string } {
  const names: string[] = [];
  try {
    const folder = opendirSync(path);
    try {
      for (let count = 0; ; count += 1) {
        const name = folder.readSync()?.name;
        if (name === undefined) return { names };
        if (count === maxEntries) return { names, problem: `more than ${maxEntries} entries` };
        if (wanted.test(name)) names.push(name);
      }
    } finally {
      folder.closeSync();
    }
  } catch (error) {
    return { names, problem: readProblem(error) };
  }
}

/** Reads the store of macOS or Windows. Node has the function since 22.15. */
function storedCertificates(problems: string[]): string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };
  try {
    if (getCACertificates) return getCACertificates('system');
    problems.push("the system's store: this version of node cannot read it; 22.15 and later can");
  } catch (error) {
    problems.push(`the system's store: ${(error as NodeJS.ErrnoException).code ?? 'an error of node'}`);
  }
  return [];
}
