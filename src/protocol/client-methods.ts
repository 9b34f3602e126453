import type * as z from 'zod/mini';
import { ChatgptAuthTokensRefreshParams, ChatgptAuthTokensRefreshResponse } from './auth-tokens-refresh.js';

/** Every request that the server sends to its client. */
export const clientMethods = {
  'account/chatgptAuthTokens/refresh': {
    params: ChatgptAuthTokensRefreshParams,
    result: ChatgptAuthTokensRefreshResponse,
  },
} as const satisfies Record<string, { params: z.ZodMiniType; result: z.ZodMiniType }>;

export type ClientMethod = keyof typeof clientMethods;
export type ClientParams<M extends ClientMethod> = z.infer<(typeof clientMethods)[M]['params']>;
export type ClientResult<M extends ClientMethod> = z.infer<(typeof clientMethods)[M]['result']>;

/** Asks the client. @throws AppError `badReply`, `timedOut` or `shuttingDown` where it gives no answer of that shape */
export type AskClient = <M extends ClientMethod>(
  method: M,
  params: ClientParams<M>,
) => Promise<ClientResult<M>>;
