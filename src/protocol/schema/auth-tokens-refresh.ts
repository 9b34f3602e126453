import * as z from 'zod/mini';
import { described, named, variant } from './documented.js';

const ChatgptAuthTokensRefreshReason = named(
  'ChatgptAuthTokensRefreshReason',
  'Why the server asks for new tokens.',
  z.union([variant('unauthorized', 'The backend has refused the previous tokens.')]),
);

export const ChatgptAuthTokensRefreshParams = named(
  'ChatgptAuthTokensRefreshParams',
  'Parameters of `account/chatgptAuthTokens/refresh`, a request from the server to a client that owns the tokens.',
  z.object({
    reason: ChatgptAuthTokensRefreshReason,
    previousAccountId: described('The account of the previous tokens.', z.nullable(z.string())),
  }),
);
export type ChatgptAuthTokensRefreshParams = z.infer<typeof ChatgptAuthTokensRefreshParams>;

export const ChatgptAuthTokensRefreshResponse = named(
  'ChatgptAuthTokensRefreshResponse',
  'The new tokens. The server waits ten seconds for them.',
  z.object({
    accessToken: described('A JSON web token.', z.string()),
    chatgptAccountId: described('The account of the tokens.', z.string()),
    chatgptPlanType: described(
      'The plan, in upper or lower case. Defaults to the plan in the token.',
      z.nullish(z.string()),
    ),
  }),
);
export type ChatgptAuthTokensRefreshResponse = z.infer<typeof ChatgptAuthTokensRefreshResponse>;
