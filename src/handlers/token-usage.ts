import { backendIdentity } from '../auth/identity.js';
import { profileFromWire, threadUsageFromWire } from '../domain/token-usage.js';
import { normalizedThreadId } from '../domain/thread-id.js';
import type { GetAccountTokenUsageParams, GetAccountTokenUsageResponse } from '../protocol/token-usage.js';
import type { AccountServices, Call } from './call.js';

export function createTokenUsageHandlers({ session, backend }: AccountServices): {
  handleUsageRead(params: GetAccountTokenUsageParams, call: Call): Promise<GetAccountTokenUsageResponse>;
} {
  return {
    async handleUsageRead({ threadId = null }, { signal }) {
      const thread = threadId === null ? undefined : normalizedThreadId(threadId);
      const identity = backendIdentity(await session.login(), 'to read token usage');
      if (thread === undefined) return profileFromWire(await backend.readProfile(identity, signal));
      return threadUsageFromWire(await backend.readThreadUsage(identity, thread, signal), thread);
    },
  };
}
