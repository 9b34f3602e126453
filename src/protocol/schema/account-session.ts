import * as z from 'zod/mini';
import { described, int64, named } from './documented.js';

export const AccountSessionListParams = named(
  'AccountSessionListParams',
  'Parameters of `accountSession/list`.',
  z.object({
    refreshWorkspaceMetadata: described(
      'Asks the backend for all workspaces of the login.',
      z.optional(z.boolean()),
    ),
  }),
);
export type AccountSessionListParams = z.infer<typeof AccountSessionListParams>;

const AccountSessionWorkspace = named(
  'AccountSessionWorkspace',
  'A workspace of a login. Its members are null unless the backend was asked.',
  z.object({
    accountId: described('The id of the account.', z.string()),
    name: z.nullable(z.string()),
    imageUrl: z.nullable(z.string()),
    kind: z.nullable(z.enum(['personal', 'workspace'])),
  }),
);
export type AccountSessionWorkspace = z.infer<typeof AccountSessionWorkspace>;

const AccountSession = named(
  'AccountSession',
  'A login with ChatGPT. There is at most one: the stored one.',
  z.object({
    sessionId: described('The user id.', z.string()),
    email: z.nullable(z.string()),
    userId: z.string(),
    displayName: described('Always null.', z.nullable(z.string())),
    imageUrl: described('Always null.', z.nullable(z.string())),
    lastUsedAt: described('The time of the answer, in Unix seconds.', int64()),
    isActive: z.boolean(),
    selectedWorkspaceAccountId: described('The workspace in use.', z.nullable(z.string())),
    workspaces: z.array(AccountSessionWorkspace),
  }),
);

export const AccountSessionListResponse = named(
  'AccountSessionListResponse',
  'The stored login and its workspaces.',
  z.object({
    activeSessionId: described('Null without a stored login with ChatGPT.', z.nullable(z.string())),
    sessions: z.array(AccountSession),
  }),
);
export type AccountSessionListResponse = z.infer<typeof AccountSessionListResponse>;

export const AccountSessionSwitchParams = named(
  'AccountSessionSwitchParams',
  'Parameters of `accountSession/switch`.',
  z.object({
    sessionId: described('The session of the list.', z.string()),
    accountId: described('The workspace to use.', z.string()),
    allowBrowserLogin: described(
      'Starts a login in the browser if the workspace needs one.',
      z.optional(z.boolean()),
    ),
  }),
);
export type AccountSessionSwitchParams = z.infer<typeof AccountSessionSwitchParams>;

export const AccountSessionSwitchResponse = named(
  'AccountSessionSwitchResponse',
  'The list after the switch, or a login in the browser that has to be completed.',
  z.union([
    AccountSessionListResponse,
    z.object({
      loginId: described('The id of `account/login/completed`.', z.string()),
      authUrl: described('The page on which the user signs in.', z.string()),
    }),
  ]),
);
export type AccountSessionSwitchResponse = z.infer<typeof AccountSessionSwitchResponse>;
