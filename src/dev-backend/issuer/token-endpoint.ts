import { useCode } from './authorization-codes.js';
import type { RecordedRequest, Reply } from '../http/exchange.js';
import { isIdToken } from './login-tokens.js';
import type { RequestFields } from '../http/request-fields.js';
import { formFields, jsonFields, missingField } from '../http/request-fields.js';
import type { RequestContext } from '../http/route.js';
import type { RefreshRefusal } from './token-ledger.js';
import { beginFamily, rotateRefreshToken } from './token-ledger.js';

const grantFields = {
  authorization_code: ['client_id', 'code', 'redirect_uri', 'code_verifier'],
  'urn:ietf:params:oauth:grant-type:token-exchange': [
    'client_id',
    'requested_token',
    'subject_token',
    'subject_token_type',
  ],
} as const;

const refusalMessages: Readonly<Record<RefreshRefusal, string>> = {
  refresh_token_expired: 'The refresh token has expired.',
  refresh_token_reused: 'The refresh token has already been used. Its login has been revoked.',
  refresh_token_invalidated: 'The refresh token is unknown or has been revoked.',
};

/** Answers a token request. A refresh is JSON, every other grant is a form. */
export function answerToken(request: RecordedRequest, context: RequestContext): Reply {
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
  return isJson ? answerRefresh(request, context) : answerForm(formFields(request), context);
}

function answerRefresh(request: RecordedRequest, { issuer, nowMs }: RequestContext): Reply {
  const fields = jsonFields(request);
  if (fields === undefined) return oauthRefusal('invalid_request', 'The body is not a JSON object');
  const missing = missingField(fields, ['client_id', 'grant_type', 'refresh_token']);
  if (missing) return oauthRefusal('invalid_request', `${missing} is missing`);
  if (fields.grant_type !== 'refresh_token') {
    return oauthRefusal('unsupported_grant_type', 'A JSON body supports only the grant_type refresh_token');
  }
  const outcome = rotateRefreshToken(issuer.ledger, fields.refresh_token ?? '', issuer.lifetimes, nowMs);
  return typeof outcome === 'string' ? refreshRefusal(outcome) : { body: outcome };
}

function answerForm(fields: RequestFields, context: RequestContext): Reply {
  const required = new Map<string, readonly string[]>(Object.entries(grantFields)).get(
    fields.grant_type ?? '',
  );
  if (required === undefined) {
    const grants = Object.keys(grantFields).join(' or ');
    return oauthRefusal('unsupported_grant_type', `A form supports only the grant_type ${grants}`);
  }
  const missing = missingField(fields, required);
  if (missing) return oauthRefusal('invalid_request', `${missing} is missing`);
  return fields.grant_type === 'authorization_code'
    ? answerCode(fields, context)
    : answerApiKey(fields, context);
}

function answerCode(fields: RequestFields, { issuer, nowMs }: RequestContext): Reply {
  const exchange = {
    code: fields.code ?? '',
    clientId: fields.client_id ?? '',
    redirectUri: fields.redirect_uri ?? '',
    codeVerifier: fields.code_verifier ?? '',
  };
  const problem = useCode(issuer.codes, exchange, nowMs);
  if (problem !== undefined) return oauthRefusal('invalid_grant', problem);
  return { body: beginFamily(issuer.ledger, issuer.lifetimes, nowMs) };
}

function answerApiKey(fields: RequestFields, { issuer }: RequestContext): Reply {
  if (fields.requested_token !== 'openai-api-key') {
    return oauthRefusal('invalid_request', 'requested_token must be openai-api-key');
  }
  if (fields.subject_token_type !== 'urn:ietf:params:oauth:token-type:id_token') {
    return oauthRefusal('invalid_request', 'subject_token_type must be that of an id_token');
  }
  if (!isIdToken(fields.subject_token ?? '')) {
    return oauthRefusal('invalid_grant', 'subject_token is not an id token of this issuer');
  }
  if (!issuer.grantsApiKeys) return oauthRefusal('invalid_grant', 'The account has no API organization');
  return { body: { access_token: 'sk-dev-exchanged' } };
}

function oauthRefusal(error: string, description: string): Reply {
  return { status: 400, body: { error, error_description: description } };
}

function refreshRefusal(code: RefreshRefusal): Reply {
  return { status: 401, body: { error: { code, message: refusalMessages[code] } } };
}
