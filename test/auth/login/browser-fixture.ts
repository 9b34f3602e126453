import { get as httpGet, type RequestOptions } from 'node:http';
import type { IssuedLogin } from '../../../src/auth/store/auth-document.js';
import { startBrowserLogin } from '../../../src/auth/login/browser-login.js';
import type { LoginContext, LoginFlow } from '../../../src/auth/login/flow.js';
import type { LoginEnding } from '../../../src/auth/login/oauth-urls.js';
import { createHttpConnections } from '../../../src/backend/http/connections.js';
import { createIssuerClient } from '../../../src/backend/issuer/issuer-client.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { createLog } from '../../../src/util/log.js';
import { createManualClock, type ManualClock } from '../../support/clocks/manual-clock.js';

export interface BrowserLoginFixture {
  readonly backend: DevBackend;
  readonly clock: ManualClock;
  readonly context: LoginContext;
  /** The stored logins, in order. */
  readonly saved: IssuedLogin[];
  readonly log: string[];
  /** Begins a login, by default on any free port. */
  begin(ending?: Partial<LoginEnding>, ports?: readonly [number, number]): Promise<BegunLogin>;
}

export interface BegunLogin {
  readonly flow: LoginFlow<{ authUrl: string }>;
  /** The parameters of the authorize URL. */
  readonly asked: Record<string, string>;
  readonly origin: string;
  /** `ok`, or the message that `finished` was rejected with. */
  readonly ending: Promise<string>;
  /** Requests a path of the callback server. */
  open(path: string, options?: RequestOptions): Promise<Page>;
  /** Requests the callback with the right state and a code. `fields` add to them or replace them. */
  callback(fields?: Record<string, string>): Promise<Page>;
  /** Resolves with a code that the issuer accepts. */
  allow(): Promise<string>;
}

export type Page = { status: number; type?: string; location?: string; text: string } | { error: string };

export async function withBrowserLogin(
  options: Partial<LoginContext> & { grantsApiKeys?: boolean },
  act: (fixture: BrowserLoginFixture) => Promise<void>,
): Promise<void> {
  const { grantsApiKeys = false, ...changed } = options;
  const backend = await startDevBackend({ issuer: { grantsApiKeys } });
  const clock = createManualClock();
  const saved: IssuedLogin[] = [];
  const lines: string[] = [];
  const begun: BegunLogin[] = [];
  const log = createLog({ level: 'debug', nowMs: () => 0, write: (line) => lines.push(line) });
  const context: LoginContext = {
    clock,
    log,
    issuer: createIssuerClient({
      connections: createHttpConnections({ environment: {}, log, clock }),
      clock,
      userAgent: () => 'test/1.0.0',
      originator: () => 'test',
      refreshLimitMs: 1,
      whoamiLimitMs: 1,
      codeExchangeLimitMs: 30_000,
      deviceCodeLimitMs: 1,
      revokeLimitMs: 1,
      log,
    }),
    environment: { loginIssuer: `${backend.url}/` },
    originator: 'my client',
    allowedWorkspaces: undefined,
    workspaceNote: '',
    save: (login) => {
      saved.push(login);
      return Promise.resolve();
    },
    ...changed,
  };
  const begin: BrowserLoginFixture['begin'] = async (ending, ports = [0, 0]) => {
    const login = begunLogin(await startBrowserLogin(context, { ...plain, ...ending }, { ports }));
    begun.push(login);
    return login;
  };
  try {
    await act({ backend, clock, context, saved, log: lines, begin });
  } finally {
    for (const { flow } of begun) flow.cancel('The test is over');
    await backend.close();
  }
}

const plain: LoginEnding = {
  codexStreamlinedLogin: false,
  useHostedLoginSuccessPage: false,
  appBrand: null,
};

function begunLogin(flow: LoginFlow<{ authUrl: string }>): BegunLogin {
  const { authUrl } = flow.answer;
  const asked = Object.fromEntries(new URL(authUrl).searchParams);
  const { origin } = new URL(asked.redirect_uri ?? '');
  const open: BegunLogin['open'] = (path, options) => fetchPage(origin + path, options);
  return {
    flow,
    asked,
    origin,
    ending: flow.finished.then(
      () => 'ok',
      (error: unknown) => (error as Error).message,
    ),
    open,
    callback(fields) {
      const query = { code: 'the-code', state: asked.state ?? '', ...fields };
      return open(`/auth/callback?${new URLSearchParams(query).toString()}`);
    },
    async allow() {
      const decision = new URLSearchParams({ ...asked, decision: 'allow' });
      const { origin: issuer, pathname } = new URL(authUrl);
      const reply = await fetch(issuer + pathname, { method: 'POST', body: decision, redirect: 'manual' });
      return new URL(reply.headers.get('location') ?? '').searchParams.get('code') ?? '';
    },
  };
}

/** Sends one request on a new connection; does not follow redirects. */
function fetchPage(url: string, options: RequestOptions = {}): Promise<Page> {
  return new Promise((resolve) => {
    const request = httpGet(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const { 'content-type': type, location } = response.headers;
        resolve({
          status: response.statusCode ?? 0,
          ...(type !== undefined && { type }),
          ...(location !== undefined && { location }),
          text,
        });
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ error: error.code ?? error.message });
    });
  });
}
