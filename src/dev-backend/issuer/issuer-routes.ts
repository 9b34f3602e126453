import { answerAuthorizePage, answerAuthorizeDecision } from './authorize.js';
import {
  answerDeviceDecision,
  answerDevicePage,
  answerDeviceToken,
  answerUserCode,
} from './device-endpoints.js';
import type { RecordedRequest, Reply } from '../http/exchange.js';
import { jsonFields, missingField } from '../http/request-fields.js';
import type { RouteHandler, Endpoint, Route, RequestContext } from '../http/route.js';
import { refusal } from '../http/route.js';
import { answerToken } from './token-endpoint.js';
import { revokeToken } from './token-ledger.js';
import { answerWhoami } from './whoami.js';

/** The endpoints for logins, refreshes and revocations. The fault of a scenario does not apply to them. */
export const issuerRoutes: readonly Route[] = [
  issuerRoute('authorize', '/oauth/authorize', { GET: answerAuthorizePage, POST: answerAuthorizeDecision }),
  issuerRoute('token', '/oauth/token', { POST: answerToken }),
  issuerRoute('revoke', '/oauth/revoke', { POST: answerRevoke }),
  issuerRoute('deviceUserCode', '/api/accounts/deviceauth/usercode', { POST: answerUserCode }),
  issuerRoute('deviceToken', '/api/accounts/deviceauth/token', { POST: answerDeviceToken }),
  issuerRoute('devicePage', '/codex/device', { GET: answerDevicePage, POST: answerDeviceDecision }),
  issuerRoute('whoami', '/v1/user-auth-credential/whoami', { GET: answerWhoami }),
];

function issuerRoute(endpoint: Endpoint, path: string, handlers: Record<string, RouteHandler>): Route {
  return { endpoint, isPath: (asked) => asked === path, handlers };
}

/** Revokes a token. An unknown token gets the same response, as RFC 7009 section 2.2 requires. */
function answerRevoke(request: RecordedRequest, { issuer }: RequestContext): Reply {
  const fields = jsonFields(request);
  if (fields === undefined) return refusal(400, 'The body is not a JSON object');
  const missing = missingField(fields, ['token']);
  if (missing) return refusal(400, `${missing} is missing`);
  revokeToken(issuer.ledger, fields.token ?? '');
  return { body: {} };
}
