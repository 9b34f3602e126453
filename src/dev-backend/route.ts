import type { Account } from './account.js';
import type { RecordedRequest, Reply } from './exchange.js';
import type { Issuer } from './issuer.js';
import type { Scenario } from './scenarios.js';

export type Endpoint =
  | 'usage'
  | 'credits'
  | 'consume'
  | 'profile'
  | 'threadUsage'
  | 'workspaceMessages'
  | 'creditsNudge'
  | 'accountsCheck'
  | 'whoami'
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'deviceUserCode'
  | 'deviceToken'
  | 'devicePage';

/** What an answer depends on besides the request. */
export interface RequestContext {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly issuer: Issuer;
  /** Whether the account endpoints look at the access token, or take any. */
  readonly checksTokens: boolean;
  readonly nowMs: number;
}

export type RouteHandler = (request: RecordedRequest, context: RequestContext) => Reply;

export interface Route {
  readonly endpoint: Endpoint;
  readonly isPath: (path: string) => boolean;
  /** By method; any other one is answered 405. */
  readonly handlers: Readonly<Record<string, RouteHandler>>;
}

export function refusal(status: number, detail: string): Reply {
  return { status, body: { detail } };
}
