import { parseJson } from '../util/json/json-check.js';
import { flag, nullable, number, object, orElse, text, tryRead } from '../util/json/reading.js';

/** The claims of an id token about its account. */
export interface IdTokenClaims {
  readonly email: string | null;
  /** The plan as the issuer spells it. */
  readonly planType: string | null;
  readonly userId: string | null;
  readonly isFedramp: boolean;
  /** The account that the token is for. */
  readonly accountId: string | null;
}

const claim = nullable(text);

const Payload = object({
  email: claim,
  'https://api.openai.com/profile': nullable(object({ email: claim })),
  'https://api.openai.com/auth': nullable(
    object({
      chatgpt_plan_type: claim,
      chatgpt_user_id: claim,
      user_id: claim,
      chatgpt_account_id: claim,
      chatgpt_account_is_fedramp: nullable(flag),
    }),
  ),
});

/**
 * Reads the claims of a JWT. Its signature is not checked: the claims are only shown, and grant nothing.
 *
 * @returns undefined if the text does not have three parts with a JSON object in the middle, or if a claim has a wrong
 * type
 */
export function readIdToken(jwt: string): IdTokenClaims | undefined {
  const read = tryRead(Payload, payloadOf(jwt));
  if (!read.isRead) return undefined;
  const profile = read.data['https://api.openai.com/profile'];
  const auth = read.data['https://api.openai.com/auth'];
  return {
    email: read.data.email ?? profile?.email ?? null,
    planType: auth?.chatgpt_plan_type ?? null,
    userId: auth?.chatgpt_user_id ?? auth?.user_id ?? null,
    isFedramp: auth?.chatgpt_account_is_fedramp ?? false,
    accountId: auth?.chatgpt_account_id ?? null,
  };
}

/** The claims that the last page of a login is given; empty or false if the token lacks them. */
export interface SetupClaims {
  readonly organizationId: string;
  readonly projectId: string;
  /** Whether the owner has not set up the organization yet. */
  readonly needsSetup: boolean;
  readonly planType: string;
}

const textOrEmpty = orElse(text, '');
const flagOrFalse = orElse(flag, false);

const Setup = object({
  'https://api.openai.com/auth': object({
    organization_id: textOrEmpty,
    project_id: textOrEmpty,
    completed_platform_onboarding: flagOrFalse,
    is_org_owner: flagOrFalse,
    chatgpt_plan_type: textOrEmpty,
  }),
});

export function readSetupClaims(jwt: string): SetupClaims {
  const read = tryRead(Setup, payloadOf(jwt));
  const claims = read.isRead ? read.data['https://api.openai.com/auth'] : undefined;
  return {
    organizationId: claims?.organization_id ?? '',
    projectId: claims?.project_id ?? '',
    needsSetup: claims?.is_org_owner === true && !claims.completed_platform_onboarding,
    planType: claims?.chatgpt_plan_type ?? '',
  };
}

const time = orElse(nullable(number), null);
const Times = object({ exp: time, iat: time });

/** Returns when a JWT was issued and when it expires, in Unix milliseconds; null if it does not say, or for another text. */
export function readJwtTimes(jwt: string): {
  readonly issuedAtMs: number | null;
  readonly expiresAtMs: number | null;
} {
  const read = tryRead(Times, payloadOf(jwt));
  const { exp, iat } = read.isRead ? read.data : { exp: null, iat: null };
  return {
    issuedAtMs: iat === null ? null : iat * 1000,
    expiresAtMs: exp === null ? null : exp * 1000,
  };
}

function payloadOf(jwt: string): unknown {
  const parts = jwt.split('.');
  if (parts.length !== 3 || parts.some((part) => part === '')) return undefined;
  return jsonFromBase64Url(parts[1] ?? '');
}

function jsonFromBase64Url(part: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    return parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
