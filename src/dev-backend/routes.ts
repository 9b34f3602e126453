import type { Account, RedeemAttempt } from './account.js';
import { redeem } from './account.js';
import { creditsBody, usageBody } from './bodies.js';
import { messagesBody, profileBody, threadUsageBody } from './workspace-bodies.js';
import type { RecordedRequest, Reply } from './exchange.js';
import type { Scenario } from './scenarios.js';

export type Endpoint =
  'usage' | 'credits' | 'consume' | 'profile' | 'threadUsage' | 'workspaceMessages' | 'creditsNudge';

/** What an answer depends on besides the request. */
export interface Situation {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly nowMs: number;
}

type Answer = (request: RecordedRequest, situation: Situation) => Reply;

export interface Route {
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly isPath: (path: string) => boolean;
  readonly answer: Answer;
}

const routes: readonly Route[] = [
  {
    endpoint: 'usage',
    method: 'GET',
    isPath: inBothStyles('usage'),
    answer: forAccount(answerUsage),
  },
  {
    endpoint: 'credits',
    method: 'GET',
    isPath: inBothStyles('rate-limit-reset-credits'),
    answer: forAccount(answerCredits),
  },
  {
    endpoint: 'consume',
    method: 'POST',
    isPath: inBothStyles('rate-limit-reset-credits/consume'),
    answer: forAccount(answerConsume),
  },
  {
    endpoint: 'profile',
    method: 'GET',
    isPath: inBothStyles('profiles/me'),
    answer: forAccount((_request, { nowMs }) => ({ body: profileBody(nowMs) })),
  },
  {
    endpoint: 'threadUsage',
    method: 'POST',
    isPath: inBothStyles('usage/thread_usage/query'),
    answer: forAccount(({ body }) => ({ body: threadUsageBody(parseJson(body)) })),
  },
  {
    endpoint: 'workspaceMessages',
    method: 'GET',
    isPath: inBothStyles('workspace-messages'),
    answer: forAccount((_request, { nowMs }) => ({ body: messagesBody(nowMs) })),
  },
  {
    endpoint: 'creditsNudge',
    method: 'POST',
    isPath: inBothStyles('accounts/send_add_credits_nudge_email'),
    answer: forAccount(() => ({ body: {} })),
  },
];

/** By path alone; the method is checked by `answerRequest`. */
export function findRoute(url: string): Route | undefined {
  const path = url.replace(/\?.*$/s, '');
  return routes.find((route) => route.isPath(path));
}

/** The scenario's own answer; a consume takes effect here. */
export function answerRequest(
  route: Route | undefined,
  request: RecordedRequest,
  situation: Situation,
): Reply {
  if (route === undefined) return refusal(404, 'Not found');
  if (route.method === request.method) return route.answer(request, situation);
  return { ...refusal(405, 'Method not allowed'), headers: { allow: route.method } };
}

/**
 * Both styles may follow any base path. One that contains `/backend-api` has the paths
 * `/wham/…`, any other `/api/codex/…`, and neither answers to the other's.
 */
function inBothStyles(name: string): (path: string) => boolean {
  return (path) =>
    path.includes('/backend-api') ? path.endsWith(`/wham/${name}`) : path.endsWith(`/api/codex/${name}`);
}

function forAccount(answer: Answer): Answer {
  return (request, situation) => {
    if (!/^Bearer +\S/i.test(request.headers.authorization ?? '')) return refusal(401, 'Unauthorized');
    return situation.scenario.fault ?? answer(request, situation);
  };
}

function answerUsage(_request: RecordedRequest, { account, scenario, nowMs }: Situation): Reply {
  const body = usageBody(account, nowMs);
  if (!scenario.isUsageCut) return { body };
  const text = JSON.stringify(body);
  return { body: text.slice(0, text.length / 2) };
}

function answerCredits(_request: RecordedRequest, { account, nowMs }: Situation): Reply {
  return { body: creditsBody(account, nowMs) };
}

function answerConsume(request: RecordedRequest, { account, nowMs }: Situation): Reply {
  const body = parseJson(request.body);
  if (body === undefined) return refusal(400, 'The body is not JSON');
  const attempt = attemptFromWire(body);
  if (typeof attempt === 'string') return refusal(422, attempt);
  const result = redeem(account, attempt, nowMs);
  return { body: { code: result.code, windows_reset: result.windowsReset } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The attempt, or why there is none. */
function attemptFromWire(body: unknown): RedeemAttempt | string {
  const { redeem_request_id: key, credit_id: creditId } = (body ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || key === '') return 'redeem_request_id must be a non-empty string';
  if (creditId === undefined || creditId === null) return { key, creditId: undefined };
  if (typeof creditId !== 'string') return 'credit_id must be a string';
  return { key, creditId };
}

function refusal(status: number, detail: string): Reply {
  return { status, body: { detail } };
}
