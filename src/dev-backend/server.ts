import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { v4 as createUuid } from 'uuid';

import type { Clock } from '../util/clock.js';
import { systemClock } from '../util/clock.js';
import type { Account } from './account/account.js';
import { openAccount } from './account/account.js';
import { answerControl } from './http/control.js';
import type { RecordedRequest, Reply } from './http/exchange.js';
import { readBody, sendReply } from './http/exchange.js';
import { bearerOf } from './http/request-fields.js';
import { devIdentity, type Identity, isSameIdentity, type UserOfAccount } from './identity.js';
import type { Issuer, IssuerOptions } from './issuer/issuer.js';
import { openIssuer } from './issuer/issuer.js';
import { readUser } from './issuer/login-tokens.js';
import type { CreditLedger } from './account/credit-ledger.js';
import { type LoggedRequest, logRequest } from './http/request-log.js';
import type { Endpoint } from './http/route.js';
import { answerRequest, findRoute } from './http/routes.js';
import { identityIn, type RunningScenario, runScenario } from './account/run-scenario.js';
import type { ScenarioName } from './account/scenarios.js';
import { scenarios } from './account/scenarios.js';
import type { TokenLedger } from './issuer/token-ledger.js';

export interface DevBackendOptions {
  /** Defaults to 0: any free port. */
  port?: number;
  /** Defaults to `fresh`. */
  scenario?: ScenarioName;
  /**
   * The users that the backend serves, each with windows and credits of their own. A request is for the user of its access
   * token, or for the first one if the token is for none of them. Defaults to the login of the dev home.
   */
  users?: readonly [Identity, ...Identity[]];
  clock?: Clock;
  issuer?: IssuerOptions;
  /**
   * Whether the account endpoints accept only valid access tokens: those of the issuer, the first one of the dev home,
   * and any personal access token. Defaults to false, except in a scenario whose login expires or is revoked.
   */
  checksTokens?: boolean;
  /** Called after each change of the scenario. */
  onScenarioChange?: (name: ScenarioName) => void;
  /** Called for each request when it has ended. */
  onRequestEnd?: (entry: LoggedRequest) => void;
}

/**
 * A reply that replaces the scenario's own, so that the request has no effect. A reply without status, headers and body
 * only delays the scenario's reply; the request takes effect when it arrives.
 */
export type ScriptedReply = Reply;

/**
 * A function that chooses the reply to each request. It returns `'handled'` if it has answered itself, or undefined for
 * the scenario's own reply. Undefined after `response.destroy()` makes a redemption whose response is lost.
 */
export type Script = (
  request: RecordedRequest,
  response: ServerResponse,
) => ScriptedReply | 'handled' | undefined;

export interface DevBackend {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Every request in order of arrival, including those to unknown paths. */
  readonly requests: RecordedRequest[];
  /** The scenario at present. `POST /dev/scenario` changes it too. */
  readonly scenario: ScenarioName;
  /**
   * Puts the account into the state in which a scenario starts. A key that has redeemed stays known. The tokens of a client
   * stay as they are; the next ones that the issuer gives name the plan of the new scenario.
   */
  setScenario(name: ScenarioName): void;
  /** The credits of the first user. */
  readonly ledger: CreditLedger;
  /** Returns the credits of a user. @throws Error if the backend does not serve this user */
  ledgerOf(user: UserOfAccount): CreditLedger;
  /** The tokens of the issuer, starting with those of the dev home. */
  readonly tokens: TokenLedger;
  /** Sets the reply to every later request to the endpoint, before any check. Undefined removes it. */
  script(endpoint: Endpoint, reply: ScriptedReply | Script | undefined): void;
  /** Closes the listener and every open connection. */
  close(): Promise<void>;
}

interface BackendState {
  readonly clock: Clock;
  readonly running: RunningScenario;
  readonly accounts: readonly [Account, ...Account[]];
  readonly issuer: Issuer;
  readonly onRequestEnd: DevBackendOptions['onRequestEnd'];
  readonly requests: RecordedRequest[];
  readonly scripts: Map<Endpoint, Script>;
}

/** Serves one account and the issuer of its logins on 127.0.0.1. Rejects with Node's error if it cannot listen. */
export async function startDevBackend(options: DevBackendOptions = {}): Promise<DevBackend> {
  const clock = options.clock ?? systemClock;
  const name = options.scenario ?? 'fresh';
  const scenario = scenarios[name];
  const [first, ...others] = options.users ?? [devIdentity];
  const account = openAccount(scenario, first, clock.nowMs());
  const accounts: BackendState['accounts'] = [
    account,
    ...others.map((user) => openAccount(scenario, user, clock.nowMs())),
  ];
  const issuer = openIssuer(options.issuer ?? {}, identityIn(scenario, first), clock.nowMs());
  const { checksTokens, onScenarioChange } = options;
  const running = runScenario(name, { accounts, issuer, clock, checksTokens, onScenarioChange });
  const state: BackendState = {
    clock,
    running,
    accounts,
    issuer,
    onRequestEnd: options.onRequestEnd,
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
    get scenario() {
      return running.name;
    },
    setScenario: (next) => running.change(next),
    ledger: account.ledger,
    ledgerOf(user) {
      const found = accounts.find(({ identity }) => isSameIdentity(identity, user));
      if (!found) throw new Error(`the backend does not serve ${user.userId} of ${user.accountId}`);
      return found.ledger;
    },
    tokens: state.issuer.ledger,
    script(endpoint, reply) {
      if (reply === undefined) state.scripts.delete(endpoint);
      else state.scripts.set(endpoint, typeof reply === 'function' ? reply : () => reply);
    },
    close() {
      running.end();
      return close(server);
    },
  };
}

function serve(state: BackendState, request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url = '', headers } = request;
  const recorded: RecordedRequest = { method, url, headers, body: '' };
  state.requests.push(recorded);
  response.setHeader('x-request-id', createUuid());
  if (state.onRequestEnd) logRequest(recorded, response, { clock: state.clock, onEnd: state.onRequestEnd });
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

function chooseReply(
  state: BackendState,
  request: RecordedRequest,
  response: ServerResponse,
): Reply | 'handled' {
  const { scenario, name, checksTokens, change } = state.running;
  const control = answerControl(request, { scenario: name, setScenario: change });
  if (control) return control;
  const route = findRoute(request.url);
  const scripted = route && state.scripts.get(route.endpoint)?.(request, response);
  if (scripted !== undefined && !isDelayOnly(scripted)) return scripted;
  const delayMs = scripted?.delayMs ?? scenario.delayMs ?? 0;
  const account = accountOf(state, request);
  const context = { scenario, checksTokens, account, issuer: state.issuer, nowMs: state.clock.nowMs() };
  return { ...answerRequest(route, request, context), delayMs };
}

function accountOf({ accounts }: BackendState, request: RecordedRequest): Account {
  const user = readUser(bearerOf(request) ?? '');
  const [first] = accounts;
  return (user && accounts.find(({ identity }) => isSameIdentity(identity, user))) ?? first;
}

function isDelayOnly(reply: ScriptedReply | 'handled'): reply is ScriptedReply {
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
