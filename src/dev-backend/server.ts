import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { v4 as createUuid } from 'uuid';

import type { Clock } from '../util/clock.js';
import { systemClock } from '../util/clock.js';
import type { Account } from './account.js';
import { openAccount } from './account.js';
import type { RecordedRequest, Reply } from './exchange.js';
import { readBody, sendReply } from './exchange.js';
import type { Issuer, IssuerOptions } from './issuer.js';
import { openIssuer } from './issuer.js';
import type { CreditLedger } from './ledger.js';
import type { Endpoint } from './route.js';
import { answerRequest, findRoute } from './routes.js';
import type { Scenario, ScenarioName } from './scenarios.js';
import { scenarios } from './scenarios.js';
import type { TokenLedger } from './token-ledger.js';

export interface DevBackendOptions {
  /** 0, the default, is any free port. */
  port?: number;
  /** `fresh` unless given. */
  scenario?: ScenarioName;
  clock?: Clock;
  issuer?: IssuerOptions;
  /**
   * Whether the account endpoints take only access tokens that the issuer knows and that hold, the dev home's
   * first one and any personal access token included. Unless given they take any text, except in a scenario about it.
   */
  checksTokens?: boolean;
}

/**
 * Stands in for the scenario's own answer, the ledger then stays untouched. A reply with
 * neither status, headers nor body only delays that answer, whose effect comes on arrival.
 */
export type ScriptedReply = Reply;

/**
 * Answers the request itself when it returns 'handled'; undefined means the scenario's own
 * answer. After `response.destroy()` undefined means a redemption whose answer is lost.
 */
export type Script = (
  request: RecordedRequest,
  response: ServerResponse,
) => ScriptedReply | 'handled' | undefined;

export interface DevBackend {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  readonly port: number;
  /** In order of arrival, unknown paths included. */
  readonly requests: RecordedRequest[];
  readonly ledger: CreditLedger;
  /** The tokens of the issuer; those of the dev home come first. */
  readonly tokens: TokenLedger;
  /** Holds for every later request to the endpoint, before any check; undefined takes it away again. */
  script(endpoint: Endpoint, reply: ScriptedReply | Script | undefined): void;
  /** Closes the listener and every open connection. */
  close(): Promise<void>;
}

interface State {
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly account: Account;
  readonly issuer: Issuer;
  readonly checksTokens: boolean;
  readonly requests: RecordedRequest[];
  readonly scripts: Map<Endpoint, Script>;
}

/** Serves one account, and the issuer of its logins, on 127.0.0.1. Rejects with Node's own error when it cannot listen. */
export async function startDevBackend(options: DevBackendOptions = {}): Promise<DevBackend> {
  const clock = options.clock ?? systemClock;
  const scenario = scenarios[options.scenario ?? 'fresh'];
  const account = openAccount(scenario, clock.nowMs());
  const state: State = {
    clock,
    scenario,
    account,
    issuer: openIssuer(options.issuer ?? {}, clock.nowMs()),
    checksTokens: options.checksTokens ?? scenario.loginExpiresAfterMs !== undefined,
    requests: [],
    scripts: new Map(),
  };
  const server = createServer((request, response) => {
    serve(state, request, response);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: state.requests,
    ledger: account.ledger,
    tokens: state.issuer.ledger,
    script(endpoint, reply) {
      if (reply === undefined) state.scripts.delete(endpoint);
      else state.scripts.set(endpoint, typeof reply === 'function' ? reply : () => reply);
    },
    close: () => close(server),
  };
}

function serve(state: State, request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url = '', headers } = request;
  const recorded: RecordedRequest = { method, url, headers, body: '' };
  state.requests.push(recorded);
  response.setHeader('x-request-id', createUuid());
  readBody(request, (body) => {
    if (body === undefined) {
      sendReply(response, { status: 413, body: { detail: 'The body is too large' } }, state.clock);
      return;
    }
    recorded.body = body;
    const reply = chooseReply(state, recorded, response);
    if (reply !== 'handled') sendReply(response, reply, state.clock);
  });
}

function chooseReply(state: State, request: RecordedRequest, response: ServerResponse): Reply | 'handled' {
  const route = findRoute(request.url);
  const scripted = route && state.scripts.get(route.endpoint)?.(request, response);
  if (scripted !== undefined && !isDelayAlone(scripted)) return scripted;
  const delayMs = scripted?.delayMs ?? state.scenario.delayMs ?? 0;
  return { ...answerRequest(route, request, { ...state, nowMs: state.clock.nowMs() }), delayMs };
}

function isDelayAlone(reply: ScriptedReply | 'handled'): reply is ScriptedReply {
  if (reply === 'handled') return false;
  return reply.status === undefined && reply.headers === undefined && reply.body === undefined;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
