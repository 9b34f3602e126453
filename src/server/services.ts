import { type Auth, type AuthEnvironment, createAuth } from '../auth/create-auth.js';
import { type BackendClient, createBackendClient } from '../backend/account/account-client.js';
import type { HttpConnections } from '../backend/http/connections.js';
import { createIssuerClient } from '../backend/issuer/issuer-client.js';
import type { BackendTimeLimits } from '../backend/request/time-limit.js';
import { createConfig } from '../config/config.js';
import type { AdministratorFiles } from '../config/layers/layers.js';
import type { Table } from '../config/layers/table.js';
import { accountUpdatedFromLogin } from '../domain/account.js';
import type { ClientState, ServerIdentity } from '../handlers/initialize.js';
import { createLimitsReader, type LimitsReader } from '../handlers/limits/limits-reader.js';
import { createLoginNotifications } from '../handlers/login-notifications.js';
import { createRateLimitsWatch, type RateLimitsWatch } from '../handlers/limits/rate-limits-watch.js';
import { createHandlers, type HandlerTable } from '../handlers/table.js';
import { createWorkspaceLookup } from '../handlers/workspace-lookup.js';
import type { OtherRefresher } from '../auth/create-auth.js';
import type { RequestClient } from '../protocol/methods.js';
import type { Notify } from '../protocol/schema/notifications.js';
import type { RedemptionsOfHome } from '../snapshot/record-changes.js';
import type { Clock } from '../util/clock.js';
import type { FileLocks } from '../util/files/locks/file-lock.js';
import type { Log } from '../util/log.js';
import { policedConnections } from './policed-connections.js';

/** The options of a server, except its streams. */
export interface ServiceOptions {
  readonly identity: ServerIdentity;
  /** The settings of the command line. */
  readonly overrides: Table;
  /** The settings of the administrator of the machine. */
  readonly administratorFiles: AdministratorFiles;
  readonly authEnvironment: AuthEnvironment;
  /** Whether the server changes neither stored files nor data at the backend. */
  readonly isReadOnly: boolean;
  readonly connections: HttpConnections;
  readonly locks: FileLocks;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly timeLimits: BackendTimeLimits;
  /** Loads the redemptions of CODEX_HOME, for the log of the limits. Without it they are not known there. */
  readonly loadRedemptions?: () => Promise<RedemptionsOfHome>;
}

/** Creates the services below `server`, for one client. */
export function createServices(
  options: ServiceOptions & {
    client: ClientState;
    notify: Notify;
    requestClient: RequestClient;
    otherRefresher?: OtherRefresher | undefined;
  },
): {
  handlers: HandlerTable;
  auth: Auth;
  backend: BackendClient;
  limits: LimitsReader;
  watch: RateLimitsWatch;
} {
  const { identity, clock, log, client, notify, requestClient } = options;
  const { settings, sources } = createConfig({ ...options, codexHome: identity.codexHome });
  const connections = policedConnections(options.connections, settings);
  const backend = createBackendClient({
    connections,
    clock,
    timeLimits: options.timeLimits,
    random: options.random,
    userAgent: () => client.userAgent,
  });
  const issuer = createIssuerClient({
    connections,
    clock,
    userAgent: () => client.userAgent,
    originator: () => client.originator,
    refreshLimitMs: options.timeLimits.tokenRefreshMs,
    whoamiLimitMs: options.timeLimits.whoamiMs,
    codeExchangeLimitMs: options.timeLimits.codeExchangeMs,
    deviceCodeLimitMs: options.timeLimits.deviceCodeMs,
    revokeLimitMs: options.timeLimits.revokeMs,
    log,
  });
  const auth = createAuth({
    codexHome: identity.codexHome,
    clock,
    random: options.random,
    log,
    locks: options.locks,
    issuer,
    environment: options.authEnvironment,
    isReadOnly: options.isReadOnly,
    originator: () => client.originator,
    settings,
    requestClient,
    otherRefresher: options.otherRefresher,
    onChange(login) {
      backend.separateReads();
      notify('account/updated', accountUpdatedFromLogin(login));
    },
    async onLoginEnd(loginId, error) {
      if (error !== null) {
        loginNotifications.notifyFailed(loginId, error);
        return;
      }
      backend.separateReads();
      await limits.invalidate();
      await loginNotifications.notifySignedIn(loginId, Promise.resolve());
    },
  });
  const { session } = auth;
  const loginNotifications = createLoginNotifications({ session, notify });
  const workspaces = createWorkspaceLookup({
    session,
    backend,
    clock,
    log,
    onLateResult: (login) =>
      notify('account/updated', accountUpdatedFromLogin(login, 'workspaceRoutingReady')),
  });
  const limits = createLimitsReader({ session, backend }, async () => {
    const { createReadThrough } = await import('../snapshot/read-through.js');
    const { loadRedemptions } = options;
    const source = (): string => client.originator;
    return createReadThrough({ ...options, codexHome: identity.codexHome, source, loadRedemptions });
  });
  const watch = createRateLimitsWatch({ limits, notify, clock, random: options.random, log });
  const handlers = createHandlers({
    identity,
    client,
    clock,
    notify,
    session,
    backend,
    limits,
    settings,
    settingsSources: sources,
    workspaces,
    watch,
    auth,
    loginNotifications,
  });
  return { handlers, auth, backend, limits, watch };
}
