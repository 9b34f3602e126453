import type { Account } from '../account/account.js';
import type { RecordedRequest, Reply } from './exchange.js';
import type { Issuer } from '../issuer/issuer.js';
import type { Scenario } from '../account/scenarios.js';

export type Endpoint =
  | 'usage'
  | 'credits'
  | 'consume'
  | 'profile'
  | 'threadUsage'
  | 'workspaceMessages'
  | 'creditsNudge'
  | 'accountsCheck'
  | 'workspaceToken'
  | 'whoami'
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'deviceUserCode'
  | 'deviceToken'
  | 'devicePage';

/** The state of the backend that a response depends on. */
export interface RequestContext {
  readonly scenario: Scenario;
  readonly account: Account;
  readonly issuer: Issuer;
  /** Whether the account endpoints validate the access token. Otherwise they accept any. */
  readonly checksTokens: boolean;
  readonly nowMs: number;
}

export type RouteHandler = (request: RecordedRequest, context: RequestContext) => Reply;

export interface Route {
  readonly endpoint: Endpoint;
  readonly isPath: (path: string) => boolean;
  /** The handlers by method. Other methods are answered with 405. */
  readonly handlers: Readonly<Record<string, RouteHandler>>;
}

export function refusal(status: number, detail: string): Reply {
  return { status, body: { detail } };
}
