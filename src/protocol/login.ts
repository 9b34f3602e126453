import * as z from 'zod/mini';
import { defaulting, described, named, variant } from './documented.js';

const LoginAppBrand = named(
  'LoginAppBrand',
  'Which app the hosted success page leads back to.',
  z.enum(['codex', 'chatgpt']),
);

export const LoginAccountParams = named(
  'LoginAccountParams',
  'Parameters of `account/login/start`: the kind of login, and what it needs.',
  z.discriminatedUnion('type', [
    z.object({
      type: variant('apiKey', 'An API key, which is stored as it is.'),
      apiKey: z.string(),
    }),
    z.object({
      type: variant('chatgpt', 'ChatGPT, in the browser of this machine.'),
      codexStreamlinedLogin: described('Tells the success page so.', z.optional(z.boolean())),
      useHostedLoginSuccessPage: described(
        'Ends on a page of chatgpt.com in place of one of this server.',
        z.optional(z.boolean()),
      ),
      appBrand: defaulting(
        'Which app the hosted success page opens; left out: `codex`.',
        null,
        z.nullish(LoginAppBrand),
      ),
    }),
    z.object({ type: variant('chatgptDeviceCode', 'ChatGPT, with a code typed in on any machine.') }),
    z.object({
      type: variant('chatgptAuthTokens', 'ChatGPT tokens that the client owns and refreshes; experimental.'),
      accessToken: described('A JSON web token. It is kept in memory only.', z.string()),
      chatgptAccountId: described('The account to work for, whatever the token claims.', z.string()),
      chatgptPlanType: described(
        'The plan, in any case; left out: as the token claims.',
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
  'A login that is done, or one that waits for a person and ends with `account/login/completed`.',
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('apiKey') }),
    z.object({
      type: z.literal('chatgpt'),
      loginId: described('Names the login: a UUID.', z.string()),
      authUrl: described('The page to open in the browser.', z.string()),
    }),
    z.object({
      type: z.literal('chatgptDeviceCode'),
      loginId: described('Names the login: a UUID.', z.string()),
      verificationUrl: described('The page to type the code in.', z.string()),
      userCode: described('The code.', z.string()),
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
  'Whether there was such a login to give up.',
  z.enum(['canceled', 'notFound']),
);

export const CancelLoginAccountResponse = named(
  'CancelLoginAccountResponse',
  'What became of the login.',
  z.object({ status: CancelLoginAccountStatus }),
);
export type CancelLoginAccountResponse = z.infer<typeof CancelLoginAccountResponse>;

export const LogoutAccountResponse = named(
  'LogoutAccountResponse',
  'Nobody is signed in any more.',
  z.object({}),
);
export type LogoutAccountResponse = z.infer<typeof LogoutAccountResponse>;

const DesktopOnboardingEntrypoint = named(
  'DesktopOnboardingEntrypoint',
  'Where a desktop app begins with somebody new.',
  z.enum(['life_sciences']),
);

export const AccountLoginCompletedNotification = named(
  'AccountLoginCompletedNotification',
  'A login has ended; after a success `account/updated` follows.',
  z.object({
    loginId: described(
      'As `account/login/start` answered it; null where it gave none.',
      z.nullable(z.string()),
    ),
    success: described('Whether the login is stored.', z.boolean()),
    error: described('Why it failed, for people.', z.nullable(z.string())),
    onboardingEntrypoint: described('Always null.', z.nullable(DesktopOnboardingEntrypoint)),
  }),
);
export type AccountLoginCompletedNotification = z.infer<typeof AccountLoginCompletedNotification>;
