import * as z from 'zod/mini';
import { described, int64, named, variant } from './documented.js';

const WorkspaceMessageType = named(
  'WorkspaceMessageType',
  'The type of a message.',
  z.union([
    variant('headline', 'One line to show at the top.'),
    variant('announcement', 'A longer text.'),
    variant('unknown', 'A type that this server does not know.'),
  ]),
);

const WorkspaceMessage = named(
  'WorkspaceMessage',
  'A message to the members of a workspace.',
  z.object({
    messageId: described('The id of the message.', z.string()),
    messageType: WorkspaceMessageType,
    messageBody: described('The text of the message.', z.string()),
    createdAt: described('The time of creation, in Unix seconds.', z.nullable(int64())),
    archivedAt: described(
      'The time of archiving, in Unix seconds. Null for a current message.',
      z.nullable(int64()),
    ),
  }),
);
export type WorkspaceMessage = z.infer<typeof WorkspaceMessage>;

export const GetWorkspaceMessagesResponse = named(
  'GetWorkspaceMessagesResponse',
  'The messages of the workspace, including archived ones, in the order of the backend.',
  z.object({
    featureEnabled: described('Whether messages are enabled for the workspace.', z.boolean()),
    messages: z.array(WorkspaceMessage),
  }),
);
export type GetWorkspaceMessagesResponse = z.infer<typeof GetWorkspaceMessagesResponse>;
