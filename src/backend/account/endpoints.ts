import { createTarget } from '../http/url.js';
import type { BackendTarget, RequestContext } from '../request/request.js';
import type { BackendTimeLimits } from '../request/time-limit.js';

/** The backend's resources: their paths below the base URL, their time limits and the texts of their errors. */
const endpoints = {
  usage: {
    path: 'usage',
    errorPrefix: 'failed to fetch codex rate limits',
    limit: 'usageMs',
    timeoutMessage: 'codex rate limits fetch timed out',
  },
  resetCredits: {
    path: 'rate-limit-reset-credits',
    errorPrefix: 'failed to fetch rate limit reset credits',
    limit: null,
    timeoutMessage: 'rate limit reset credits fetch timed out',
  },
  consumeResetCredit: {
    path: 'rate-limit-reset-credits/consume',
    errorPrefix: 'failed to consume rate limit reset',
    limit: 'consumeMs',
    timeoutMessage: 'rate limit reset consume timed out',
  },
  profile: {
    path: 'profiles/me',
    errorPrefix: 'failed to fetch token usage profile',
    limit: 'profileMs',
    timeoutMessage: 'token usage profile fetch timed out',
  },
  threadUsage: {
    path: 'usage/thread_usage/query',
    errorPrefix: 'failed to fetch thread usage',
    limit: 'threadUsageMs',
    timeoutMessage: 'thread usage fetch timed out',
  },
  workspaceMessages: {
    path: 'workspace-messages',
    errorPrefix: 'failed to fetch workspace messages',
    limit: 'workspaceMessagesMs',
    timeoutMessage: 'workspace messages fetch timed out',
  },
  accountsCheck: {
    path: 'accounts/check',
    errorPrefix: 'workspace routing discovery failed',
    limit: 'accountsCheckMs',
    timeoutMessage: 'workspace routing discovery timed out',
  },
  workspaceToken: {
    path: 'accounts/switch-workspace-token',
    errorPrefix: 'failed to switch the workspace',
    limit: 'accountsCheckMs',
    timeoutMessage: 'workspace switch timed out',
  },
  creditsNudge: {
    path: 'accounts/send_add_credits_nudge_email',
    errorPrefix: 'failed to notify workspace owner',
    limit: 'creditsNudgeMs',
    timeoutMessage: 'workspace owner notification timed out',
  },
} as const;

export type Endpoint = keyof typeof endpoints;

export function errorPrefixOf(endpoint: Endpoint): string {
  return endpoints[endpoint].errorPrefix;
}

/** The options that all requests to the account backend share. */
export interface AccountContext extends RequestContext {
  readonly timeLimits: BackendTimeLimits;
  readonly findTarget: FindTarget;
}

export type FindTarget = (baseUrl: string, endpoint: Endpoint) => BackendTarget;

/** Creates each target once for as long as the base URL stays the same. */
export function createTargets(timeLimits: BackendTimeLimits): FindTarget {
  const known = new Map<Endpoint, BackendTarget>();
  let knownBaseUrl: string | undefined;
  return (baseUrl, endpoint) => {
    if (baseUrl !== knownBaseUrl) known.clear();
    knownBaseUrl = baseUrl;
    const before = known.get(endpoint);
    if (before) return before;
    const { limit, errorPrefix, timeoutMessage } = endpoints[endpoint];
    const target = {
      ...createTarget(endpointUrl(baseUrl, endpoint)),
      errorPrefix,
      limitMs: limit && timeLimits[limit],
      timeoutMessage,
    };
    known.set(endpoint, target);
    return target;
  };
}

/** Joins the base URL without its trailing slashes and the path, whose prefix depends on the kind of base URL. */
function endpointUrl(baseUrl: string, endpoint: Endpoint): string {
  const base = backendUrl(baseUrl.replace(/\/+$/, ''));
  const prefix = base.includes('/backend-api') ? '/wham/' : '/api/codex/';
  return base + (endpoint === 'workspaceToken' ? '/' : prefix) + endpoints[endpoint].path;
}

/**
 * Appends `/backend-api` to a URL of ChatGPT that does not contain it. As in codex the text decides, in its upper and
 * lower case, but the host must be exactly that of ChatGPT (D25).
 */
function backendUrl(baseUrl: string): string {
  const host = chatgptHosts.find((name) => baseUrl.startsWith(`https://${name}`));
  if (host === undefined || baseUrl.includes('/backend-api')) return baseUrl;
  return URL.canParse(baseUrl) && new URL(baseUrl).hostname === host ? `${baseUrl}/backend-api` : baseUrl;
}

const chatgptHosts = ['chatgpt.com', 'chat.openai.com'];
