import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The places where a system keeps its roots. */
export interface SystemPlaces {
  readonly file: string | undefined;
  readonly folder: string | undefined;
}

/**
 * Returns the file and the folder that exist first, in the order of codex. It looks in other places if a variable names a
 * file of certificates, because it then uses another TLS library.
 */
export function systemPlaces(hasCaFile: boolean): SystemPlaces {
  if (hasCaFile) return { file: rustlsFiles.find(existsSync), folder: rustlsFolders.find(existsSync) };
  const files = opensslFolders.flatMap((folder) => opensslFiles.map((name) => join(folder, name)));
  const folders = opensslFolders.map((folder) => join(folder, 'certs'));
  return { file: files.find(existsSync), folder: folders.find(existsSync) };
}

const rustlsFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
  '/opt/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/certs/cacert.pem',
];

const rustlsFolders = ['/etc/ssl/certs', '/etc/pki/tls/certs', '/etc/security/certificates'];

const opensslFolders = [
  '/var/ssl',
  '/usr/share/ssl',
  '/usr/local/ssl',
  '/usr/local/openssl',
  '/usr/local/etc/openssl',
  '/usr/local/share',
  '/usr/lib/ssl',
  '/usr/ssl',
  '/etc/openssl',
  '/etc/pki/ca-trust/extracted/pem',
  '/etc/pki/tls',
  '/etc/ssl',
  '/etc/certs',
  '/opt/etc/ssl',
];

const opensslFiles = [
  'cert.pem',
  'certs.pem',
  'ca-bundle.pem',
  'cacert.pem',
  'ca-certificates.crt',
  'certs/ca-certificates.crt',
  'certs/ca-root-nss.crt',
  'certs/ca-bundle.crt',
  'CARootCertificates.pem',
  'tls-ca-bundle.pem',
];
