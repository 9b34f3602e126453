import * as z from 'zod/mini';
import { named } from './documented.js';

const AddCreditsNudgeCreditType = named(
  'AddCreditsNudgeCreditType',
  'What the owner of the workspace is asked for.',
  z.enum(['credits', 'usage_limit']),
);

const AddCreditsNudgeEmailStatus = named(
  'AddCreditsNudgeEmailStatus',
  'Whether the e-mail was sent, or one was sent too short a time ago.',
  z.enum(['sent', 'cooldown_active']),
);

export const SendAddCreditsNudgeEmailParams = named(
  'SendAddCreditsNudgeEmailParams',
  'Parameters of `account/sendAddCreditsNudgeEmail`.',
  z.object({ creditType: AddCreditsNudgeCreditType }),
);
export type SendAddCreditsNudgeEmailParams = z.infer<typeof SendAddCreditsNudgeEmailParams>;

export const SendAddCreditsNudgeEmailResponse = named(
  'SendAddCreditsNudgeEmailResponse',
  'What became of the e-mail.',
  z.object({ status: AddCreditsNudgeEmailStatus }),
);
export type SendAddCreditsNudgeEmailResponse = z.infer<typeof SendAddCreditsNudgeEmailResponse>;
