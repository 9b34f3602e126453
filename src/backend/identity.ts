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

/** Who asks the backend, and who it is asked as once that identity is refused; D2. */
export interface Authorization {
  readonly identity: BackendIdentity;
  /** After a 401: the identity to repeat the request with; undefined where there is none. */
  renew(): Promise<BackendIdentity | undefined>;
}

const headerValue = /^[\t\x20-\x7e\x80-\uffff]*$/;

/** The headers that say who asks, made once for each identity. */
export function createIdentityHeaders(): (identity: BackendIdentity) => Readonly<Record<string, string>> {
  const known = new WeakMap<BackendIdentity, Readonly<Record<string, string>>>();
  return (identity) => {
    const headers = known.get(identity) ?? identityHeaders(identity);
    known.set(identity, headers);
    return headers;
  };
}

function identityHeaders(identity: BackendIdentity): Record<string, string> {
  const headers: Record<string, string> = {};
  if (identity.accessToken !== null) setHeader(headers, 'authorization', `Bearer ${identity.accessToken}`);
  if (identity.accountId !== null) setHeader(headers, 'chatgpt-account-id', identity.accountId);
  if (identity.isFedramp) headers['x-openai-fedramp'] = 'true';
  return headers;
}

/** Leaves out what no header can carry, as the reference does. Other text goes out as UTF-8 bytes. */
export function setHeader(headers: Record<string, string>, name: string, value: string): void {
  if (headerValue.test(value)) headers[name] = Buffer.from(value, 'utf8').toString('latin1');
}
