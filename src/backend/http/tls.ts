import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { AppError } from '../../util/errors.js';
import { osErrorText } from '../../util/files/os-error.js';
import { readSmallFile, smallFileProblem } from '../../util/files/small-file.js';
import type { Environment } from './proxy.js';

/**
 * Creates the function that returns the trusted certificates of https connections: node's own roots, and those in the
 * PEM file that CODEX_CA_CERTIFICATE names, or SSL_CERT_FILE if that is unset or empty (D26). The context is built once,
 * because parsing the roots takes tens of milliseconds. A file that cannot be used is read again the next time (D22).
 */
export function createTrust(environment: Environment): () => SecureContext {
  let built: SecureContext | undefined;
  return () => (built ??= buildContext(environment));
}

/** @throws AppError `configInvalid` if the file cannot be used */
function buildContext(environment: Environment): SecureContext {
  const variable = ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'].find((name) => environment[name]);
  const path = variable && environment[variable];
  if (!path) return createSecureContext();
  const certificates = certificatesIn(readText(path, variable), path, variable);
  return createSecureContext({ ca: [...rootCertificates, ...certificates] });
}

/** A file with the roots of a system has 250 KB. */
const maxFileBytes = 8 * 1024 * 1024;

function readText(path: string, variable: string): string {
  try {
    return readSmallFile(path, maxFileBytes).toString('latin1');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = smallFileProblem(code, maxFileBytes) ?? osErrorText(code);
    throw unusable(`Failed to read CA certificate file ${path} selected by ${variable}: ${reason}`);
  }
}

/**
 * Returns the certificates of the file that are not among node's own: OpenSSL takes a quarter of a millisecond to read
 * one, and a file with the roots of a system has 150. A block that cannot be read is an error; node would silently stop
 * at it. Text between the blocks is ignored.
 */
function certificatesIn(text: string, path: string, variable: string): string[] {
  const blocks = text.match(/-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]*-----END \1-----/g);
  const failed = `Failed to load CA certificates from ${path} selected by ${variable}`;
  if (!blocks) throw unusable(`${failed}: no certificates found in PEM file`);
  const known = new Set(rootCertificates.map(contentOf));
  const isOther = (block: string): boolean => !known.has(contentOf(block));
  const bad = blocks.findIndex((block) => isOther(block) && !isCertificate(block));
  if (bad >= 0) throw unusable(`${failed}: certificate ${bad + 1} in PEM file cannot be read`);
  return blocks.filter(isOther);
}

/** Returns the content of a block without line breaks. */
function contentOf(block: string): string {
  return block.replace(/-----[^-]*-----|\s/g, '');
}

function isCertificate(block: string): boolean {
  try {
    new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

function unusable(message: string): AppError {
  const hint =
    'If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.';
  return new AppError('configInvalid', `${message}. ${hint}`);
}
