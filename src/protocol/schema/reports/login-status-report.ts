import * as z from 'zod/mini';
import { described, int64, named } from '../documented.js';
import { CommandError } from './command-error.js';
import { PlanType } from '../plan-type.js';

// The output of `login status --json`. A change that breaks readers needs version 2.

const LoginCheck = named(
  'LoginCheck',
  'The result of `login status --check`.',
  z.object({
    verdict: described(
      '`valid`: the backend accepts the login. `invalid`: it does not. `unknown`: it gave no answer to that.',
      z.enum(['valid', 'invalid', 'unknown']),
    ),
    checkedAt: described('The time of the check, in Unix seconds.', int64()),
  }),
);

export const LoginStatusReport = named(
  'LoginStatusReport',
  'The output of `login status --json`. Only a personal access token has its values from its issuer, all others are those of the stored login.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    isSignedIn: z.boolean(),
    method: described(
      'How the user is signed in. `chatgptAuthTokens`: with tokens that another program owns. Null if the user is not, or if the login cannot be used.',
      z.nullable(
        z.enum([
          'chatgpt',
          'chatgptAuthTokens',
          'personalAccessToken',
          'apiKey',
          'bedrockApiKey',
          'bedrockAccessKeys',
        ]),
      ),
    ),
    accountId: described(
      'The id of the account, which is also that of its workspace.',
      z.nullable(z.string()),
    ),
    userId: z.nullable(z.string()),
    email: z.nullable(z.string()),
    planType: described('The plan when the login was last refreshed.', z.nullable(PlanType)),
    storedIn: described(
      '`environment`: CODEX_ACCESS_TOKEN.',
      z.nullable(z.enum(['file', 'keyring', 'environment'])),
    ),
    path: described('The file in which the login is stored.', z.nullable(z.string())),
    accessTokenExpiresAt: described(
      'When the access token expires, in Unix seconds. It is refreshed before that. Null if it does not say.',
      z.nullable(int64()),
    ),
    lastRefreshedAt: described(
      'When the tokens were last refreshed, in Unix seconds. Null if that is not stored.',
      z.nullable(int64()),
    ),
    check: described('Null without `--check`, and if nobody is signed in.', z.nullable(LoginCheck)),
    error: described(
      'Why the login cannot be used, or is not valid. Left out if there is no error.',
      z.optional(CommandError),
    ),
  }),
);
export type LoginStatusReport = z.infer<typeof LoginStatusReport>;
