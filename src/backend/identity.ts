/** On whose behalf a request is sent; auth.md 2 and backend.md 1 say which header comes from where. */
export interface BackendIdentity {
  /** Null: no authorization header. Empty: `Bearer` and nothing. */
  readonly accessToken: string | null;
  /** Null: no account header. */
  readonly accountId: string | null;
  readonly isFedramp: boolean;
  /** Never sent; a reply that names another user is about somebody else. */
  readonly userId: string | null;
  /** Texts that no message may show: the tokens and the e-mail address of the login. */
  readonly secrets: readonly string[];
}

/** Who asks the backend, where, and who it is asked as once that identity is refused; D2. */
export interface Authorization {
  readonly identity: BackendIdentity;
  /** The configured base URL. All attempts of a request go there, also where config.toml changes between them. */
  readonly baseUrl: string;
  /** After a 401: the identity to repeat the request with; undefined where there is none. */
  renew(): Promise<BackendIdentity | undefined>;
}

const headerValue = /^[\t\x20-\x7e\x80-\uffff]*$/;

/** The headers that every request of an identity has. */
export type StandingHeaders = (
  identity: BackendIdentity,
  userAgent: string,
) => Readonly<Record<string, string>>;

/** They are made once for each identity, as long as the user agent stays the same. */
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

/** Leaves out what no header can carry, as the reference does. Other text goes out as UTF-8 bytes. */
export function setHeader(headers: Record<string, string>, name: string, value: string): void {
  if (headerValue.test(value)) headers[name] = Buffer.from(value, 'utf8').toString('latin1');
}
