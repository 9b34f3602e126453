import * as z from 'zod/mini';
import { defaulting, described, named } from './documented.js';

export const ClientInfo = named(
  'ClientInfo',
  'Who the client is. Name and version are sent to the backend in the user agent.',
  z.object({
    name: described('A short name without control characters.', z.string()),
    title: z.nullish(described('A name for people; not used.', z.string())),
    version: described("The client's version.", z.string()),
  }),
);
export type ClientInfo = z.infer<typeof ClientInfo>;

export const InitializeCapabilities = named(
  'InitializeCapabilities',
  'What the client can do and wants. The members stand in their positional order.',
  z.object({
    requiredHumanApproval: z.optional(described('Accepted and not used.', z.boolean())),
    explicitGatewayOauth: z.optional(described('Accepted and not used.', z.boolean())),
    experimentalApi: z.optional(defaulting('Opens the experimental kinds of login.', false, z.boolean())),
    requestAttestation: z.optional(defaulting('Accepted and not used.', false, z.boolean())),
    mcpServerOpenaiFormElicitation: z.optional(described('Accepted and not used.', z.boolean())),
    optOutNotificationMethods: z.nullish(
      described('Notifications that shall not be sent, by their exact method names.', z.array(z.string())),
    ),
    extensions: z.nullish(described('Accepted and not used.', z.record(z.string(), z.unknown()))),
  }),
);
export type InitializeCapabilities = z.infer<typeof InitializeCapabilities>;

export const InitializeParams = named(
  'InitializeParams',
  'Parameters of `initialize`, the first request of a connection.',
  z.object({
    clientInfo: ClientInfo,
    capabilities: z.nullish(InitializeCapabilities),
  }),
);
export type InitializeParams = z.infer<typeof InitializeParams>;

export const AbsolutePathBuf = named('AbsolutePathBuf', 'An absolute path of the file system.', z.string());

export const InitializeResponse = named(
  'InitializeResponse',
  'Who the server is, and on which data it works.',
  z.object({
    userAgent: described('The user agent that every backend request bears.', z.string()),
    codexHome: AbsolutePathBuf,
    platformFamily: described('`unix`.', z.string()),
    platformOs: described('`linux` or `macos`.', z.string()),
  }),
);
export type InitializeResponse = z.infer<typeof InitializeResponse>;
