import type { HandshakeReason } from '../../util/errors.js';

/** Why a TLS handshake failed. */
export interface HandshakeFailure {
  readonly reason: HandshakeReason;
  /** The reason and the next step, for people. */
  readonly explanation: string;
}

/**
 * Returns why a handshake failed; undefined if the error is not about one.
 *
 * @param problems which files of trusted certificates could not be used
 */
export function handshakeFailureOf(
  error: Error,
  problems: readonly string[] = [],
): HandshakeFailure | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = reasonsByCode.get(code) ?? (/^(ERR_SSL_|EPROTO$)/.test(code) ? 'tlsFailed' : undefined);
  if (reason === undefined) return undefined;
  const unread = isAboutTrust(code) && problems.length > 0 ? `; not read: ${listed(problems)}` : '';
  return { reason, explanation: explanations[reason] + unread };
}

/** Returns whether further roots can make the handshake succeed. */
export function isAboutTrust(code: string | undefined): boolean {
  return code !== undefined && trustCodes.has(code);
}

const untrustedCodes = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
];

/** A root that has expired may have been renewed in the store of the system. */
const trustCodes = new Set([...untrustedCodes, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED']);

const reasonsByCode = new Map<string, HandshakeReason>([
  ...untrustedCodes.map((code): [string, HandshakeReason] => [code, 'issuerNotTrusted']),
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificateSelfSigned'],
  ['CERT_HAS_EXPIRED', 'certificateExpired'],
  ['CERT_NOT_YET_VALID', 'certificateNotYetValid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificateForOtherHost'],
]);

const explanations: Readonly<Record<HandshakeReason, string>> = {
  issuerNotTrusted:
    "the certificate's issuer is not trusted; set CODEX_CA_CERTIFICATE to your company's root",
  certificateSelfSigned:
    'the certificate is self-signed; if it is the right one, set CODEX_CA_CERTIFICATE to a file with it',
  certificateExpired:
    "the certificate has expired, or one of its issuers; check this machine's clock, or ask the operator of the server or proxy to renew it",
  certificateNotYetValid:
    "the certificate is not yet valid; check this machine's clock, which is probably behind",
  certificateForOtherHost:
    'the certificate is for another host; check the URL and the proxy, and whether the network asks for a sign-in',
  tlsFailed: 'the TLS handshake failed; check that the URL and the proxy lead to a server that speaks https',
};

function listed(problems: readonly string[]): string {
  const shown = problems.slice(0, 3).join(', ');
  return problems.length > 3 ? `${shown} and ${problems.length - 3} more` : shown;
}
