import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { AppError } from '../../../util/errors.js';
import type { Environment } from '../proxy.js';
import {
  certificateBlocks,
  createKnownCertificates,
  isCertificate,
  type KnownCertificates,
  readCertificateFile,
  readProblem,
} from './certificates.js';
import { readSystemRoots, type SystemRoots } from './system-roots.js';

/** The trusted certificates of https connections. Each context is built once: that takes tens of milliseconds. */
export interface Trust {
  /** Returns the context for the next connection. */
  context(): SecureContext;
  /**
   * Returns a context that trusts more than `narrow`, under which a connection has failed. Undefined if there is none.
   * The first call reads the roots of the system.
   */
  widerThan(narrow: SecureContext): SecureContext | undefined;
  /** Returns which files with roots of the system could not be used, and why. */
  problems(): readonly string[];
}

/**
 * Trusts node's own roots and those in the PEM file that CODEX_CA_CERTIFICATE names, or SSL_CERT_FILE if that is unset or
 * empty (D26). The roots of the system are added when a handshake fails without them; see `readSystemRoots`.
 *
 * @throws AppError `configInvalid` if the file cannot be used
 */
export function createTrust(environment: Environment): Trust {
  const known = createKnownCertificates();
  const own = ownCertificates(environment, known);
  let current = contextWith(own);
  let system: SystemRoots | undefined;

  return {
    context: () => current,
    widerThan(narrow) {
      if (!system) {
        system = readSystemRoots(environment, known);
        const { certificates } = system;
        if (certificates.length > 0) current = contextWith([...own, ...certificates]);
      }
      return current === narrow ? undefined : current;
    },
    problems: () => system?.problems ?? [],
  };
}

/** Creates a context. Without certificates it is node's own, which takes half the time: it parses no roots from PEM. */
function contextWith(certificates: readonly string[]): SecureContext {
  if (certificates.length === 0) return createSecureContext();
  return createSecureContext({ ca: [...rootCertificates, ...certificates] });
}

/** Returns the certificates of the chosen file that are not among node's own, and notes them as known. */
function ownCertificates(environment: Environment, known: KnownCertificates): string[] {
  const variable = ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'].find((name) => environment[name]);
  const path = variable && environment[variable];
  if (!path) return [];
  const blocks = certificateBlocks(readText(path, variable));
  const failed = `Failed to load CA certificates from ${path} selected by ${variable}`;
  if (blocks.length === 0) throw unusable(`${failed}: no certificates found in PEM file`);
  const isOther = (block: string): boolean => !known.has(block);
  const bad = blocks.findIndex((block) => isOther(block) && !isCertificate(block));
  if (bad >= 0) throw unusable(`${failed}: certificate ${bad + 1} in PEM file cannot be read`);
  const own = blocks.filter(isOther);
  own.forEach(known.add);
  return own;
}

function readText(path: string, variable: string): string {
  try {
    return readCertificateFile(path);
  } catch (error) {
    throw unusable(
      `Failed to read CA certificate file ${path} selected by ${variable}: ${readProblem(error)}`,
    );
  }
}

function unusable(message: string): AppError {
  const hint =
    'If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.';
  return new AppError('configInvalid', `${message}. ${hint}`);
}
