import type { WireWorkspaceMessage, WireWorkspaceMessages } from '../backend/account/wire-account.js';
import type {
  GetWorkspaceMessagesResponse,
  WorkspaceMessage,
} from '../protocol/schema/workspace-messages.js';

/** Returns the result of `account/workspaceMessages/read`. */
export function workspaceMessagesFromWire(reply: WireWorkspaceMessages | null): GetWorkspaceMessagesResponse {
  return { featureEnabled: reply !== null, messages: (reply?.messages ?? []).map(messageFromWire) };
}

function messageFromWire(message: WireWorkspaceMessage): WorkspaceMessage {
  return {
    messageId: message.message_id,
    messageType: messageTypeFromWire(message.message_type),
    messageBody: message.message_body,
    createdAt: message.created_at,
    archivedAt: message.archived_at,
  };
}

function messageTypeFromWire(text: string): WorkspaceMessage['messageType'] {
  return text === 'headline' || text === 'announcement' ? text : 'unknown';
}
