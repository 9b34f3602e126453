import * as z from 'zod/mini';
import { withDefault, described, named, variant } from './documented.js';
import { PlanType } from './plan-type.js';

export const AuthMode = named(
  'AuthMode',
  'How the account is signed in.',
  z.union([
    variant('apikey', 'An API key, stored in auth.json.'),
    variant('chatgpt', 'A ChatGPT login, stored in auth.json. The server refreshes its tokens.'),
    variant('chatgptAuthTokens', 'ChatGPT tokens that the client owns and refreshes.'),
    variant('headers', 'Headers that a gateway supplies.'),
    variant('agentIdentity', 'An agent identity.'),
    variant('personalAccessToken', 'A personal access token, from auth.json or the environment.'),
    variant('bedrockApiKey', 'An Amazon Bedrock API key.'),
    variant('bedrockAccessKeys', 'Amazon Bedrock access keys.'),
  ]),
);

export type AuthMode = z.infer<typeof AuthMode>;

export const Account = named(
  'Account',
  'The account that is signed in.',
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('apiKey') }),
    z.object({
      type: z.literal('chatgpt'),
      email: described('The e-mail address in the stored id token, if it has one.', z.nullable(z.string())),
      planType: PlanType,
      workspaceName: described(
        'The name of the workspace, once it is known.',
        z.optional(z.nullable(z.string())),
      ),
    }),
    z.object({
      type: z.literal('amazonBedrock'),
      usesCodexManagedCredentials: withDefault(
        'Whether Codex stores the credentials.',
        false,
        z.optional(z.boolean()),
      ),
    }),
    z.object({ type: z.literal('gcp') }),
  ]),
);
export type Account = z.infer<typeof Account>;

const AccountRoutingOverride = named(
  'AccountRoutingOverride',
  'The region that the requests of a workspace must stay in.',
  z.enum(['NO_CONSTRAINT', 'us', 'us_cr']),
);

const WorkspaceRouting = named(
  'WorkspaceRouting',
  'The backend that serves the workspace.',
  z.object({
    chatgptAccountId: z.string(),
    backendOrigin: z.string(),
    accountRoutingOverride: AccountRoutingOverride,
  }),
);
export type WorkspaceRouting = z.infer<typeof WorkspaceRouting>;

export const GetAccountParams = named(
  'GetAccountParams',
  'Parameters of `account/read`.',
  z.object({
    refreshToken: described('Refreshes the tokens first.', z.optional(z.boolean())),
  }),
);
export type GetAccountParams = z.infer<typeof GetAccountParams>;

export const GetAccountResponse = named(
  'GetAccountResponse',
  'The signed-in account, read from the stored login.',
  z.object({
    account: described('Null if no account is signed in.', z.nullable(Account)),
    requiresOpenaiAuth: described('Whether the configured provider needs an OpenAI login.', z.boolean()),
    userId: withDefault('The user id in the stored id token.', null, z.nullable(z.string())),
    workspaceRouting: described(
      'Null until the backend has reported the workspace, and for an account without one.',
      z.nullable(WorkspaceRouting),
    ),
  }),
);
export type GetAccountResponse = z.infer<typeof GetAccountResponse>;

export const GetAuthStatusParams = named(
  'GetAuthStatusParams',
  'Parameters of `getAuthStatus`.',
  z.object({
    includeToken: described('Includes the token in the response.', z.nullish(z.boolean())),
    refreshToken: described('Refreshes the tokens first.', z.nullish(z.boolean())),
  }),
);
export type GetAuthStatusParams = z.infer<typeof GetAuthStatusParams>;

export const GetAuthStatusResponse = named(
  'GetAuthStatusResponse',
  'How the account is signed in.',
  z.object({
    authMethod: described('Null if no account is signed in.', z.nullable(AuthMode)),
    authToken: described(
      'The access token or API key. Null unless `includeToken` is true.',
      z.nullable(z.string()),
    ),
    requiresOpenaiAuth: described(
      'Whether the configured provider needs an OpenAI login.',
      z.nullable(z.boolean()),
    ),
  }),
);
export type GetAuthStatusResponse = z.infer<typeof GetAuthStatusResponse>;

const AccountUpdateReason = named(
  'AccountUpdateReason',
  'Why `account/updated` was sent, if it was not because the login has changed.',
  z.union([
    variant('workspaceRoutingReady', 'The backend has reported the workspace of the login.'),
    variant('unknown', 'Never sent by this server.'),
  ]),
);
export type AccountUpdateReason = z.infer<typeof AccountUpdateReason>;

export const AccountUpdatedNotification = named(
  'AccountUpdatedNotification',
  'The signed-in account has changed, or its workspace is known now.',
  z.object({
    authMode: described('Null if no account is signed in.', z.nullable(AuthMode)),
    planType: described('The plan of the login. Null without a ChatGPT login.', z.nullable(PlanType)),
    reason: described(
      'Null after a login, a logout, or a change by another program.',
      z.nullable(AccountUpdateReason),
    ),
  }),
);
export type AccountUpdatedNotification = z.infer<typeof AccountUpdatedNotification>;
