import { userAgentOf } from '../domain/user-agent.js';
import type { InitializeParams, InitializeResponse } from '../protocol/schema/initialize.js';
import { AppError } from '../util/errors.js';

/** The facts about the server that `initialize` and the user agent use. */
export interface ServerIdentity {
  readonly codexHome: string;
  /** `linux` or `macos`. */
  readonly platformOs: string;
  /** Name and version of the system, and the architecture: `Linux 6.1.0; x86_64`. */
  readonly system: string;
  /** The terminal that the client runs in, from the environment. */
  readonly terminal: string;
  /** The version of Codex that clients see. */
  readonly codexVersion: string;
  /** Replaces the client's name at the start of the user agent. */
  readonly originatorOverride: string | undefined;
}

/** The facts about the client. They are set by `initialize`. */
export interface ClientState {
  isInitialized: boolean;
  userAgent: string;
  /** The client's name for backend and issuer. */
  originator: string;
  /** The notifications that the client has opted out of. */
  optedOut: ReadonlySet<string>;
  /** Whether the client has announced `experimentalApi`. */
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
