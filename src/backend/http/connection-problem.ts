import type { ConnectionReason } from '../../util/errors.js';

/** Why a connection was not made, or cannot be used. */
export interface ConnectionProblem {
  readonly reason: ConnectionReason;
  /** The reason and the next step, for people. */
  readonly explanation: string;
}

/**
 * Returns why a TLS handshake failed; undefined if the error is not about one.
 *
 * @param unreadFiles which files of trusted certificates could not be used, and why
 */
export function handshakeProblemOf(
  error: Error,
  unreadFiles: readonly string[] = [],
): ConnectionProblem | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = reasonsByCode.get(code) ?? (/^(ERR_SSL_|EPROTO$)/.test(code) ? 'tlsFailed' : undefined);
  if (reason === undefined) return undefined;
  const unread = isAboutTrust(code) && unreadFiles.length > 0 ? `; not read: ${listed(unreadFiles)}` : '';
  return { reason, explanation: explanations[reason] + unread };
}

/**
 * Returns the problem of a connection whose reply could not be read, if it began with the first frame of HTTP/2 (RFC 9113,
 * section 4.1), which this server does not speak (D22): SETTINGS or GOAWAY of the stream 0.
 */
export function replyProblemOf(error: unknown): ConnectionProblem | undefined {
  // undici's HTTPParserError has what could not be read.
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  if (typeof data !== 'string' || !/^\0\0[^][\x04\x07][^]\0{4}/.test(data)) return undefined;
  return { reason: 'http2Only', explanation: explanations.http2Only };
}

/**
 * Returns why a server cannot be reached; undefined if the error does not say.
 *
 * @param server its name for people, as in `cannot reach chatgpt.com`
 */
export function reachProblemOf(error: unknown, server: string): ConnectionProblem | undefined {
  const [found] = errorsOf(error).map(reachReasonOf);
  if (!found) return undefined;
  const [reason, text] = found;
  return {
    reason,
    explanation: `cannot reach ${server}: ${text}; check the network, the proxy and the URL`,
  };
}

/** Returns whether the machine has no way to a server, or cannot find it. */
export function hasNoWay(error: unknown): boolean {
  return errorsOf(error).every((each) => {
    const [reason] = reachReasonOf(each) ?? [];
    return reason === 'noRoute' || reason === 'hostNotFound';
  });
}

/** Returns the errors of a connection that was not made: of a name with several addresses there is one for each. */
function errorsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? (error.errors as unknown[]) : [error];
}

function reachReasonOf(error: unknown): readonly [ReachReason, string] | undefined {
  return reachReasons.get((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

type ReachReason = 'connectionRefused' | 'hostNotFound' | 'noRoute' | 'connectTimedOut';

const reachReasons = new Map<string, readonly [ReachReason, string]>([
  ['ECONNREFUSED', ['connectionRefused', 'connection refused']],
  ['ENOTFOUND', ['hostNotFound', 'no such host']],
  ['EAI_AGAIN', ['hostNotFound', 'the name cannot be looked up']],
  ['ENETDOWN', ['noRoute', 'no route to it']],
  ['ENETUNREACH', ['noRoute', 'no route to it']],
  ['EHOSTUNREACH', ['noRoute', 'no route to it']],
  ['ETIMEDOUT', ['connectTimedOut', 'no answer']],
  ['UND_ERR_CONNECT_TIMEOUT', ['connectTimedOut', 'no answer']],
]);

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

const reasonsByCode = new Map<string, Exclude<ConnectionReason, ReachReason>>([
  ...untrustedCodes.map((code): [string, 'issuerNotTrusted'] => [code, 'issuerNotTrusted']),
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificateSelfSigned'],
  ['CERT_HAS_EXPIRED', 'certificateExpired'],
  ['CERT_NOT_YET_VALID', 'certificateNotYetValid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificateForOtherHost'],
  ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'http2Only'],
]);

const explanations: Readonly<Record<Exclude<ConnectionReason, ReachReason>, string>> = {
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
  http2Only: 'the other end speaks only HTTP/2; allow HTTP/1.1 at the server, or at the proxy before it',
};

function listed(problems: readonly string[]): string {
  const shown = problems.slice(0, 3).join(', ');
  return problems.length > 3 ? `${shown} and ${problems.length - 3} more` : shown;
}
