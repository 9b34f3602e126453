import * as z from 'zod/mini';
import { withDefault, described, named, variant } from './documented.js';

const LoginAppBrand = named(
  'LoginAppBrand',
  'The app that the hosted success page opens.',
  z.enum(['codex', 'chatgpt']),
);

export const LoginAccountParams = named(
  'LoginAccountParams',
  'Parameters of `account/login/start`: the kind of login and its own parameters.',
  z.discriminatedUnion('type', [
    z.object({
      type: variant('apiKey', 'An API key, stored unchanged.'),
      apiKey: z.string(),
    }),
    z.object({
      type: variant('chatgpt', 'ChatGPT, in a browser on this machine.'),
      codexStreamlinedLogin: described('Passed on to the success page.', z.optional(z.boolean())),
      useHostedLoginSuccessPage: described(
        'Ends the login on a page of chatgpt.com instead of a page of this server.',
        z.optional(z.boolean()),
      ),
      appBrand: withDefault(
        'The app that the hosted success page opens. Defaults to `codex`.',
        null,
        z.nullish(LoginAppBrand),
      ),
    }),
    z.object({ type: variant('chatgptDeviceCode', 'ChatGPT, with a code that is entered on any device.') }),
    z.object({
      type: variant('chatgptAuthTokens', 'ChatGPT tokens that the client owns and refreshes. Experimental.'),
      accessToken: described('A JSON web token. It is kept in memory only.', z.string()),
      chatgptAccountId: described('The account to use. It takes precedence over the token.', z.string()),
      chatgptPlanType: described(
        'The plan, in upper or lower case. Defaults to the plan in the token.',
        z.nullish(z.string()),
      ),
    }),
    z.object({
      type: variant('amazonBedrock', 'Not supported: Amazon Bedrock has no rate limits to read.'),
      apiKey: z.string(),
      region: z.string(),
    }),
    z.object({
      type: variant('amazonBedrockAccessKeys', 'Not supported: Amazon Bedrock has no rate limits to read.'),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      sessionToken: z.nullish(z.string()),
      region: z.string(),
    }),
  ]),
);
export type LoginAccountParams = z.infer<typeof LoginAccountParams>;

export const LoginAccountResponse = named(
  'LoginAccountResponse',
  'A completed login, or a started one that ends with `account/login/completed`.',
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('apiKey') }),
    z.object({
      type: z.literal('chatgpt'),
      loginId: described('The id of the login: a UUID.', z.string()),
      authUrl: described('The page to open in the browser.', z.string()),
    }),
    z.object({
      type: z.literal('chatgptDeviceCode'),
      loginId: described('The id of the login: a UUID.', z.string()),
      verificationUrl: described('The page on which the code is entered.', z.string()),
      userCode: described('The code to enter.', z.string()),
    }),
    z.object({ type: z.literal('chatgptAuthTokens') }),
    z.object({ type: z.literal('amazonBedrock') }),
  ]),
);
export type LoginAccountResponse = z.infer<typeof LoginAccountResponse>;

export const CancelLoginAccountParams = named(
  'CancelLoginAccountParams',
  'Parameters of `account/login/cancel`.',
  z.object({ loginId: described('A UUID in any spelling.', z.string()) }),
);
export type CancelLoginAccountParams = z.infer<typeof CancelLoginAccountParams>;

const CancelLoginAccountStatus = named(
  'CancelLoginAccountStatus',
  'Whether a login with this id was under way.',
  z.enum(['canceled', 'notFound']),
);

export const CancelLoginAccountResponse = named(
  'CancelLoginAccountResponse',
  'The outcome of a cancellation.',
  z.object({ status: CancelLoginAccountStatus }),
);
export type CancelLoginAccountResponse = z.infer<typeof CancelLoginAccountResponse>;

export const LogoutAccountResponse = named(
  'LogoutAccountResponse',
  'The result of a logout: no account is signed in.',
  z.object({}),
);
export type LogoutAccountResponse = z.infer<typeof LogoutAccountResponse>;

const DesktopOnboardingEntrypoint = named(
  'DesktopOnboardingEntrypoint',
  'The first screen of a desktop app for a new user.',
  z.enum(['life_sciences']),
);

export const AccountLoginCompletedNotification = named(
  'AccountLoginCompletedNotification',
  'A login has ended. `account/updated` follows if it succeeded.',
  z.object({
    loginId: described(
      'The id from the response to `account/login/start`. Null if that had none.',
      z.nullable(z.string()),
    ),
    success: described('Whether the login is stored.', z.boolean()),
    error: described('The reason of a failure, for people.', z.nullable(z.string())),
    onboardingEntrypoint: described('Always null.', z.nullable(DesktopOnboardingEntrypoint)),
  }),
);
export type AccountLoginCompletedNotification = z.infer<typeof AccountLoginCompletedNotification>;
