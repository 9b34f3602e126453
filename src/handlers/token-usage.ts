import { profileFromWire, threadUsageFromWire } from '../domain/token-usage.js';
import { normalizedThreadId } from '../domain/thread-id.js';
import type {
  GetAccountTokenUsageParams,
  GetAccountTokenUsageResponse,
} from '../protocol/schema/token-usage.js';
import type { AccountServices, RequestContext } from './request-context.js';

export function createTokenUsageHandlers({ session, backend }: AccountServices): {
  handleUsageRead(
    params: GetAccountTokenUsageParams,
    context: RequestContext,
  ): Promise<GetAccountTokenUsageResponse>;
} {
  return {
    async handleUsageRead({ threadId = null }, { signal }) {
      const thread = threadId === null ? undefined : normalizedThreadId(threadId);
      const authorization = await session.authorization('to read token usage', signal);
      return thread === undefined
        ? profileFromWire(await backend.readProfile(authorization, signal))
        : threadUsageFromWire(await backend.readThreadUsage(authorization, thread, signal), thread);
    },
  };
}
