import * as z from 'zod/mini';
import { withDefault, described, named } from './documented.js';

export const ClientInfo = named(
  'ClientInfo',
  'The name and version of the client. Both are sent to the backend in the user agent.',
  z.object({
    name: described('A short name without control characters.', z.string()),
    title: described('A name for people. Not used.', z.nullish(z.string())),
    version: described("The client's version.", z.string()),
  }),
);
export type ClientInfo = z.infer<typeof ClientInfo>;

const InitializeCapabilities = named(
  'InitializeCapabilities',
  'The capabilities of the client. The members are in their positional order.',
  z.object({
    requiredHumanApproval: described('Accepted and not used.', z.optional(z.boolean())),
    explicitGatewayOauth: described('Accepted and not used.', z.optional(z.boolean())),
    experimentalApi: withDefault('Enables the experimental kinds of login.', false, z.optional(z.boolean())),
    requestAttestation: withDefault('Accepted and not used.', false, z.optional(z.boolean())),
    mcpServerOpenaiFormElicitation: described('Accepted and not used.', z.optional(z.boolean())),
    optOutNotificationMethods: described(
      'The exact method names of notifications that the server must not send.',
      z.nullish(z.array(z.string())),
    ),
    extensions: described('Accepted and not used.', z.nullish(z.record(z.string(), z.unknown()))),
  }),
);

export const InitializeParams = named(
  'InitializeParams',
  'Parameters of `initialize`, the first request of a connection.',
  z.object({
    clientInfo: ClientInfo,
    capabilities: z.nullish(InitializeCapabilities),
  }),
);
export type InitializeParams = z.infer<typeof InitializeParams>;

const AbsolutePathBuf = named('AbsolutePathBuf', 'An absolute path of the file system.', z.string());

export const InitializeResponse = named(
  'InitializeResponse',
  'The server, its platform and its CODEX_HOME.',
  z.object({
    userAgent: described('The user agent of every request to the backend.', z.string()),
    codexHome: AbsolutePathBuf,
    platformFamily: described('`unix` or `windows`.', z.string()),
    platformOs: described('`linux`, `macos` or `windows`.', z.string()),
  }),
);
export type InitializeResponse = z.infer<typeof InitializeResponse>;
