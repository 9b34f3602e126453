/** The login that a request is sent with. */
export interface BackendIdentity {
  /** Null: no authorization header. Empty: the header is `Bearer ` alone. */
  readonly accessToken: string | null;
  /** Null: no account header. */
  readonly accountId: string | null;
  /** The account in the id token, which the backend uses without an account header. Is never sent. */
  readonly idTokenAccountId: string | null;
  readonly isFedramp: boolean;
  /** Is never sent. A reply that names another user belongs to another login. */
  readonly userId: string | null;
  /** Texts that messages must not show: the tokens and the e-mail address of the login (D6). */
  readonly secrets: readonly string[];
}

/** The login and the backend of a request, and how to renew the login after a 401 (D2). */
export interface Authorization {
  readonly identity: BackendIdentity;
  /** The configured base URL. All attempts of a request go there, even if config.toml changes between them. */
  readonly baseUrl: string;
  /** Resolves with the identity to repeat the request with; undefined if there is none. */
  renew(): Promise<BackendIdentity | undefined>;
  /** Call if the backend has refused the renewed identity, too. */
  noteRefused(renewed: BackendIdentity): void;
}

const headerValue = /^[\t\x20-\x7e\x80-\uffff]*$/;

/** Returns the headers that all requests of an identity have. */
export type StandingHeaders = (
  identity: BackendIdentity,
  userAgent: string,
) => Readonly<Record<string, string>>;

/** Creates the headers once for each identity, for as long as the user agent stays the same. */
export function createStandingHeaders(): StandingHeaders {
  const known = new WeakMap<BackendIdentity, { userAgent: string; headers: Record<string, string> }>();
  return (identity, userAgent) => {
    const before = known.get(identity);
    if (before?.userAgent === userAgent) return before.headers;
    const headers = standingHeaders(identity, userAgent);
    known.set(identity, { userAgent, headers });
    return headers;
  };
}

function standingHeaders(identity: BackendIdentity, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*' };
  if (identity.accessToken !== null) setHeader(headers, 'authorization', `Bearer ${identity.accessToken}`);
  if (identity.accountId !== null) setHeader(headers, 'chatgpt-account-id', identity.accountId);
  if (identity.isFedramp) headers['x-openai-fedramp'] = 'true';
  setHeader(headers, 'user-agent', userAgent);
  return headers;
}

/** Sets a header; a value that no header can carry is left out, as in the reference. Other text is sent as UTF-8. */
export function setHeader(headers: Record<string, string>, name: string, value: string): void {
  if (isHeaderValue(value)) headers[name] = Buffer.from(value, 'utf8').toString('latin1');
}

/** Returns whether a header can carry this text. */
export function isHeaderValue(text: string): boolean {
  return headerValue.test(text);
}
