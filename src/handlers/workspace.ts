import { workspaceMessagesFromWire } from '../domain/workspace-messages.js';
import type {
  SendAddCreditsNudgeEmailParams,
  SendAddCreditsNudgeEmailResponse,
} from '../protocol/schema/credits-nudge.js';
import type { GetWorkspaceMessagesResponse } from '../protocol/schema/workspace-messages.js';
import type { AccountServices, RequestContext } from './request-context.js';

export function createWorkspaceHandlers({ session, backend }: AccountServices): {
  handleWorkspaceMessagesRead(params: object, context: RequestContext): Promise<GetWorkspaceMessagesResponse>;
  handleSendAddCreditsNudgeEmail(
    params: SendAddCreditsNudgeEmailParams,
    context: RequestContext,
  ): Promise<SendAddCreditsNudgeEmailResponse>;
} {
  return {
    async handleWorkspaceMessagesRead(_params, { signal }) {
      const authorization = await session.authorization('to read workspace messages', signal);
      return workspaceMessagesFromWire(await backend.readWorkspaceMessages(authorization, signal));
    },
    async handleSendAddCreditsNudgeEmail({ creditType }, { signal }) {
      const authorization = await session.authorization('to notify workspace owner', signal);
      const isSent = await backend.sendCreditsNudge(authorization, creditType, signal);
      return { status: isSent ? 'sent' : 'cooldown_active' };
    },
  };
}
