import * as z from 'zod/mini';
import { described, int64, named, variant } from './documented.js';

const WorkspaceMessageType = named(
  'WorkspaceMessageType',
  'How a message is meant.',
  z.union([
    variant('headline', 'One line to show at the top.'),
    variant('announcement', 'A longer text.'),
    variant('unknown', 'A kind this server does not know.'),
  ]),
);

const WorkspaceMessage = named(
  'WorkspaceMessage',
  'A message to the members of a workspace.',
  z.object({
    messageId: described('Names the message.', z.string()),
    messageType: WorkspaceMessageType,
    messageBody: described('Its text.', z.string()),
    createdAt: described('When it was written, in Unix seconds.', z.nullable(int64())),
    archivedAt: described('When it was put away, in Unix seconds; null while it holds.', z.nullable(int64())),
  }),
);
export type WorkspaceMessage = z.infer<typeof WorkspaceMessage>;

export const GetWorkspaceMessagesResponse = named(
  'GetWorkspaceMessagesResponse',
  'The messages of the workspace, archived ones too, in the order of the backend.',
  z.object({
    featureEnabled: described('Whether the workspace has messages at all.', z.boolean()),
    messages: z.array(WorkspaceMessage),
  }),
);
export type GetWorkspaceMessagesResponse = z.infer<typeof GetWorkspaceMessagesResponse>;
