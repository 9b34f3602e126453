import { userAgentOf } from '../domain/user-agent.js';
import type { InitializeParams, InitializeResponse } from '../protocol/schema/initialize.js';
import { AppError } from '../util/errors.js';

/** What this server tells of itself. */
export interface ServerIdentity {
  readonly codexHome: string;
  /** `linux` or `macos`. */
  readonly platformOs: string;
  /** Kind and version of the system, and the machine: `Linux 6.1.0; x86_64`. */
  readonly system: string;
  /** The terminal that the client runs in, as the environment names it. */
  readonly terminal: string;
  /** Replaces the client's name at the start of the user agent. */
  readonly originatorOverride: string | undefined;
}

/** What is known of the client once it has introduced itself. */
export interface ClientState {
  isInitialized: boolean;
  userAgent: string;
  /** The name that backend and issuer know it by. */
  originator: string;
  /** The notifications that it does not want. */
  optedOut: ReadonlySet<string>;
  /** Whether it knows what is experimental. */
  isExperimental: boolean;
}

export function createClientState(): ClientState {
  return { isInitialized: false, userAgent: '', originator: '', optedOut: new Set(), isExperimental: false };
}

export function createInitializeHandler({
  identity,
  client,
}: {
  identity: ServerIdentity;
  client: ClientState;
}): { handleInitialize(params: InitializeParams): InitializeResponse } {
  return {
    handleInitialize({ clientInfo, capabilities }) {
      if (client.isInitialized) throw new AppError('invalidRequest', 'Already initialized');
      if (/[^\t\x20-\x7e\x80-\u{10ffff}]/u.test(clientInfo.name)) {
        throw new AppError(
          'invalidRequest',
          `Invalid clientInfo.name: '${clientInfo.name}'. Must be a valid HTTP header value.`,
          { details: { member: 'clientInfo.name' } },
        );
      }
      client.userAgent = userAgentOf(clientInfo, identity);
      client.originator = identity.originatorOverride ?? clientInfo.name;
      client.optedOut = new Set(capabilities?.optOutNotificationMethods);
      client.isExperimental = capabilities?.experimentalApi ?? false;
      client.isInitialized = true;
      return {
        userAgent: client.userAgent,
        codexHome: identity.codexHome,
        platformFamily: 'unix',
        platformOs: identity.platformOs,
      };
    },
  };
}
