import type * as z from 'zod/mini';
import { ChatgptAuthTokensRefreshParams, ChatgptAuthTokensRefreshResponse } from './auth-tokens-refresh.js';

/** Params and result of every request that the server sends to its client. */
export const clientMethodSchemas = {
  'account/chatgptAuthTokens/refresh': {
    params: ChatgptAuthTokensRefreshParams,
    result: ChatgptAuthTokensRefreshResponse,
  },
} as const satisfies Record<string, { params: z.ZodMiniType; result: z.ZodMiniType }>;
