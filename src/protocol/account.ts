import * as z from 'zod/mini';
import { defaulting, described, named, variant } from './documented.js';
import { PlanType } from './plan-type.js';

export const AuthMode = named(
  'AuthMode',
  'How the account is signed in.',
  z.union([
    variant('apikey', 'An API key, stored in auth.json.'),
    variant('chatgpt', 'A ChatGPT login, stored in auth.json and refreshed here.'),
    variant('chatgptAuthTokens', 'ChatGPT tokens that the client owns and refreshes.'),
    variant('headers', 'Headers that a gateway supplies.'),
    variant('agentIdentity', 'An agent identity.'),
    variant('personalAccessToken', 'A personal access token from the environment.'),
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
      email: described('The e-mail address in the stored id token, if it names one.', z.nullable(z.string())),
      planType: PlanType,
      workspaceName: described('The name of the workspace, once known.', z.optional(z.nullable(z.string()))),
    }),
    z.object({
      type: z.literal('amazonBedrock'),
      usesCodexManagedCredentials: defaulting(
        'Whether Codex keeps the credentials.',
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
  'The region that the requests of a workspace have to stay in.',
  z.enum(['NO_CONSTRAINT', 'us', 'us_cr']),
);

const WorkspaceRouting = named(
  'WorkspaceRouting',
  'Where the requests of the workspace go.',
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
    refreshToken: described('Asks for a token refresh first.', z.optional(z.boolean())),
  }),
);
export type GetAccountParams = z.infer<typeof GetAccountParams>;

export const GetAccountResponse = named(
  'GetAccountResponse',
  'Who is signed in, from the stored login; the workspace is null until the backend has told of it.',
  z.object({
    account: described('Null when nobody is signed in.', z.nullable(Account)),
    requiresOpenaiAuth: described('Whether the configured provider needs an OpenAI login.', z.boolean()),
    userId: defaulting('The user id in the stored id token.', null, z.nullable(z.string())),
    workspaceRouting: described(
      'Null until discovery has answered, and without a workspace.',
      z.nullable(WorkspaceRouting),
    ),
  }),
);
export type GetAccountResponse = z.infer<typeof GetAccountResponse>;

export const GetAuthStatusParams = named(
  'GetAuthStatusParams',
  'Parameters of `getAuthStatus`.',
  z.object({
    includeToken: described('Puts the token into the answer.', z.nullish(z.boolean())),
    refreshToken: described('Asks for a token refresh first.', z.nullish(z.boolean())),
  }),
);
export type GetAuthStatusParams = z.infer<typeof GetAuthStatusParams>;

export const GetAuthStatusResponse = named(
  'GetAuthStatusResponse',
  'How the account is signed in.',
  z.object({
    authMethod: described('Null when nobody is signed in.', z.nullable(AuthMode)),
    authToken: described('The access token or API key, only when asked for.', z.nullable(z.string())),
    requiresOpenaiAuth: described(
      'Whether the configured provider needs an OpenAI login.',
      z.nullable(z.boolean()),
    ),
  }),
);
export type GetAuthStatusResponse = z.infer<typeof GetAuthStatusResponse>;

export const AccountUpdatedNotification = named(
  'AccountUpdatedNotification',
  'Who is signed in has changed: by a login, a logout, or another program.',
  z.object({
    authMode: described('Null when nobody is signed in.', z.nullable(AuthMode)),
    planType: described('The plan in the login; null without a ChatGPT login.', z.nullable(PlanType)),
  }),
);
export type AccountUpdatedNotification = z.infer<typeof AccountUpdatedNotification>;
