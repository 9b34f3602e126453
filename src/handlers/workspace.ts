import { withLogin } from '../auth/with-login.js';
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
      const reply = await withLogin(session, 'to read workspace messages', (identity) =>
        backend.readWorkspaceMessages(identity, signal),
      );
      return workspaceMessagesFromWire(reply);
    },
    async handleSendAddCreditsNudgeEmail({ creditType }, { signal }) {
      const isSent = await withLogin(session, 'to notify workspace owner', (identity) =>
        backend.sendCreditsNudge(identity, creditType, signal),
      );
      return { status: isSent ? 'sent' : 'cooldown_active' };
    },
  };
}
