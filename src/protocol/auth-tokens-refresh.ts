import * as z from 'zod/mini';
import { described, named, variant } from './documented.js';

const ChatgptAuthTokensRefreshReason = named(
  'ChatgptAuthTokensRefreshReason',
  'Why new tokens are asked for.',
  z.union([variant('unauthorized', 'The backend has refused the old ones.')]),
);

export const ChatgptAuthTokensRefreshParams = named(
  'ChatgptAuthTokensRefreshParams',
  'Parameters of `account/chatgptAuthTokens/refresh`, which the server asks of a client that owns the tokens.',
  z.object({
    reason: ChatgptAuthTokensRefreshReason,
    previousAccountId: described('The account of the old tokens.', z.nullable(z.string())),
  }),
);
export type ChatgptAuthTokensRefreshParams = z.infer<typeof ChatgptAuthTokensRefreshParams>;

export const ChatgptAuthTokensRefreshResponse = named(
  'ChatgptAuthTokensRefreshResponse',
  'The new tokens, within ten seconds.',
  z.object({
    accessToken: described('A JSON web token.', z.string()),
    chatgptAccountId: described('The account that it is for.', z.string()),
    chatgptPlanType: described(
      'The plan, in any case; left out: as the token claims.',
      z.nullish(z.string()),
    ),
  }),
);
export type ChatgptAuthTokensRefreshResponse = z.infer<typeof ChatgptAuthTokensRefreshResponse>;
