import { backendIdentity } from '../auth/identity.js';
import { workspaceMessagesFromWire } from '../domain/workspace-messages.js';
import type {
  SendAddCreditsNudgeEmailParams,
  SendAddCreditsNudgeEmailResponse,
} from '../protocol/credits-nudge.js';
import type { GetWorkspaceMessagesResponse } from '../protocol/workspace-messages.js';
import type { AccountServices, Call } from './call.js';

export function createWorkspaceHandlers({ session, backend }: AccountServices): {
  handleWorkspaceMessagesRead(params: object, call: Call): Promise<GetWorkspaceMessagesResponse>;
  handleSendAddCreditsNudgeEmail(
    params: SendAddCreditsNudgeEmailParams,
    call: Call,
  ): Promise<SendAddCreditsNudgeEmailResponse>;
} {
  return {
    async handleWorkspaceMessagesRead(_params, { signal }) {
      const identity = backendIdentity(await session.login(), 'to read workspace messages');
      return workspaceMessagesFromWire(await backend.readWorkspaceMessages(identity, signal));
    },
    async handleSendAddCreditsNudgeEmail({ creditType }, { signal }) {
      const identity = backendIdentity(await session.login(), 'to notify workspace owner');
      const isSent = await backend.sendCreditsNudge(identity, creditType, signal);
      return { status: isSent ? 'sent' : 'cooldown_active' };
    },
  };
}
