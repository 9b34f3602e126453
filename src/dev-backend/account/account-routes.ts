import type { RedeemAttempt } from './account.js';
import { redeem } from './account.js';
import { creditsBody, usageBody } from './bodies.js';
import type { RecordedRequest, Reply } from '../http/exchange.js';
import { bearerOf, parseJson } from '../http/request-fields.js';
import type { RouteHandler, Endpoint, Route, RequestContext } from '../http/route.js';
import { refusal } from '../http/route.js';
import { createAccessToken } from '../issuer/login-tokens.js';
import { devLogin, isAcceptedAccessToken } from '../issuer/token-ledger.js';
import { isPersonalToken } from '../issuer/whoami.js';
import { accountsBody, messagesBody, profileBody, threadUsageBody } from './workspace-bodies.js';

/** The endpoints of the account, which require an access token. */
export const accountRoutes: readonly Route[] = [
  accountRoute('usage', 'GET', 'usage', answerUsage),
  accountRoute('credits', 'GET', 'rate-limit-reset-credits', answerCredits),
  accountRoute('consume', 'POST', 'rate-limit-reset-credits/consume', answerConsume),
  accountRoute('profile', 'GET', 'profiles/me', (_request, { nowMs }) => ({ body: profileBody(nowMs) })),
  accountRoute('threadUsage', 'POST', 'usage/thread_usage/query', ({ body }) => ({
    body: threadUsageBody(parseJson(body)),
  })),
  accountRoute('workspaceMessages', 'GET', 'workspace-messages', (_request, { nowMs }) => ({
    body: messagesBody(nowMs),
  })),
  accountRoute('creditsNudge', 'POST', 'accounts/send_add_credits_nudge_email', () => ({ body: {} })),
  accountRoute('accountsCheck', 'GET', 'accounts/check', (_request, { account }) => ({
    body: accountsBody(account.identity),
  })),
  {
    endpoint: 'workspaceToken',
    isPath: (path) => path.endsWith('/accounts/switch-workspace-token'),
    handlers: { POST: forAccount(answerWorkspaceToken) },
  },
];

/**
 * Creates a route for any base path. The path ends with `/wham/NAME` if the base path contains `/backend-api`,
 * otherwise with `/api/codex/NAME`.
 */
function accountRoute(endpoint: Endpoint, method: string, name: string, answer: RouteHandler): Route {
  return {
    endpoint,
    isPath: (path) =>
      path.includes('/backend-api') ? path.endsWith(`/wham/${name}`) : path.endsWith(`/api/codex/${name}`),
    handlers: { [method]: forAccount(answer) },
  };
}

function forAccount(answer: RouteHandler): RouteHandler {
  return (request, context) => {
    const token = bearerOf(request);
    if (token === undefined || !isAccepted(token, context)) return refusal(401, 'Unauthorized');
    return context.scenario.fault ?? answer(request, context);
  };
}

function isAccepted(token: string, { checksTokens, issuer, nowMs }: RequestContext): boolean {
  return !checksTokens || isPersonalToken(token) || isAcceptedAccessToken(issuer.ledger, token, nowMs);
}

function answerUsage(_request: RecordedRequest, { account, scenario, nowMs }: RequestContext): Reply {
  const body = usageBody(account, nowMs);
  if (!scenario.isUsageTruncated) return { body };
  const text = JSON.stringify(body);
  return { body: text.slice(0, text.length / 2) };
}

function answerCredits(_request: RecordedRequest, { account, nowMs }: RequestContext): Reply {
  return { body: creditsBody(account, nowMs) };
}

function answerConsume(request: RecordedRequest, context: RequestContext): Reply {
  const { account, nowMs } = context;
  const body = parseJson(request.body);
  if (body === undefined) return refusal(400, 'The body is not JSON');
  const attempt = attemptFromWire(body);
  if (typeof attempt === 'string') return refusal(422, attempt);
  const result = redeem(account, attempt, nowMs);
  if (isAnswerLost(attempt, context)) return { isLost: true };
  return { body: { code: result.code, windows_reset: result.windowsReset } };
}

/** Issues an access token of any workspace, for the user of the account. */
function answerWorkspaceToken(request: RecordedRequest, { account, nowMs }: RequestContext): Reply {
  const { workspace_id: accountId } = (parseJson(request.body) ?? {}) as Record<string, unknown>;
  if (typeof accountId !== 'string') return refusal(422, 'workspace_id must be a string');
  const token = createAccessToken(devLogin.accessTokenId, nowMs + dayMs, { ...account.identity, accountId });
  return { body: { access_token: token } };
}

const dayMs = 24 * 60 * 60 * 1000;

function isAnswerLost({ key }: RedeemAttempt, { account, scenario, nowMs }: RequestContext): boolean {
  const redeemedAtMs = account.ledger.redeemedAtMsByKey.get(key);
  return redeemedAtMs !== undefined && nowMs < redeemedAtMs + (scenario.redemptionIsLostForMs ?? 0);
}

/** Reads the attempt, or returns the reason why it is invalid. */
function attemptFromWire(body: unknown): RedeemAttempt | string {
  const { redeem_request_id: key, credit_id: creditId } = (body ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || key === '') return 'redeem_request_id must be a non-empty string';
  if (creditId === undefined || creditId === null) return { key, creditId: undefined };
  if (typeof creditId !== 'string') return 'credit_id must be a string';
  return { key, creditId };
}
