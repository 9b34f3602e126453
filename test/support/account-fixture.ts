import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthEnvironment } from '../../src/auth/create-auth.js';
import { authEnvironment } from '../../src/cli/environment.js';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { createDevHome } from '../../src/dev-backend/home.js';
import type { ScenarioName } from '../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../src/dev-backend/server.js';
import type { CreatePassOn } from '../../src/server/pass-on.js';
import type { Clock } from '../../src/util/clock.js';
import type { Table } from '../../src/config/layers/table.js';
import { requireNoSecretsIn } from './canaries.js';
import { type MemoryServer, startMemoryServer } from './memory-server.js';

export interface AccountFixtureOptions {
  /**
   * The content of auth.json: text unchanged, anything else as JSON. By default the login of the dev home; `none`: no
   * file.
   */
  readonly auth?: unknown;
  /** The configured base URL, made from the backend's; the backend's own unless given. */
  readonly baseUrl?: (backendUrl: string) => string;
  /** Whether `initialize` has been answered, as its only line so far; true unless given. */
  readonly isInitialized?: boolean;
  readonly scenario?: ScenarioName;
  readonly clock?: Clock;
  readonly environment?: Readonly<Record<string, string>>;
  /** The URL of the issuer, and other variables for logins. */
  readonly authEnvironment?: AuthEnvironment;
  /** Whether logins, refreshes and logouts use the embedded issuer; by default they use a closed port. */
  readonly hasIssuer?: boolean;
  readonly isReadOnly?: boolean;
  readonly createPassOn?: CreatePassOn;
  /** The capabilities of the client in `initialize`. */
  readonly capabilities?: object;
  /** Added to config.toml. */
  readonly config?: string;
  /** Settings of the command line, made from the backend's URL. */
  readonly overrides?: (backendUrl: string) => Table;
}

/** A server, the CODEX_HOME it works on, and the backend that config.toml points to. */
export interface AccountFixture {
  readonly backend: DevBackend;
  readonly server: MemoryServer;
  readonly authPath: string;
  readonly configPath: string;
  /** The folder for `config.toml`, `managed_config.toml` and `requirements.toml` of the administrator. It does not exist. */
  readonly administratorPath: string;
  /** Sends a request and resolves with the whole response, without its id. */
  call(method: string, params?: unknown): Promise<Record<string, unknown>>;
  /** `account/rateLimits/read` without the details, unless `params` ask for them. */
  read(params?: unknown): Promise<Record<string, unknown>>;
  /** `account/rateLimitResetCredit/consume` with the key `key-1`. */
  consume(): Promise<Record<string, unknown>>;
}

/** Runs `act` with a server and its backend, then ends both. Connections that a script left open are closed. */
export async function withAccount(
  options: AccountFixtureOptions,
  act: (fixture: AccountFixture) => Promise<void>,
): Promise<void> {
  const backend = await startDevBackend({ scenario: options.scenario ?? 'fresh' });
  const home = createDevHome({
    backendUrl: options.baseUrl?.(backend.url) ?? backend.url,
    ...(options.auth === 'none' && { auth: 'none' }),
  });
  const authPath = join(home.path, 'auth.json');
  if (options.auth !== undefined && options.auth !== 'none') writeJson(authPath, options.auth);
  const configPath = join(home.path, 'config.toml');
  appendFileSync(configPath, options.config ?? '');
  const administratorPath = join(home.path, 'administrator');
  const server = startMemoryServer({
    codexHome: home.path,
    ...(options.clock && { clock: options.clock }),
    isReadOnly: options.isReadOnly ?? false,
    ...(options.createPassOn && { createPassOn: options.createPassOn }),
    overrides: options.overrides?.(backend.url) ?? {},
    administratorFiles: {
      config: join(administratorPath, 'config.toml'),
      managed: join(administratorPath, 'managed_config.toml'),
      requirements: join(administratorPath, 'requirements.toml'),
    },
    ...(options.environment && { environment: options.environment }),
    authEnvironment: {
      ...(options.hasIssuer && authEnvironment(devEnvironment(backend.url))),
      ...options.authEnvironment,
    },
  });
  const call: AccountFixture['call'] = async (method, params) => {
    const { id: _id, ...answer } = await server.request(method, params);
    return answer;
  };
  try {
    if (options.isInitialized ?? true) await server.initialize(options.capabilities);
    await act({
      backend,
      server,
      authPath,
      configPath,
      administratorPath,
      call,
      read: (params = { excludeResetCreditDetails: true }) => call('account/rateLimits/read', params),
      consume: () => call('account/rateLimitResetCredit/consume', { idempotencyKey: 'key-1' }),
    });
  } finally {
    await backend.close();
    await server.end();
    requireNoSecretsIn(home.path);
    home.remove();
  }
}

/** Writes text unchanged, anything else as JSON. */
export function writeJson(path: string, content: unknown): void {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}
