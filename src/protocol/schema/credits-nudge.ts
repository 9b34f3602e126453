import * as z from 'zod/mini';
import { named } from './documented.js';

const AddCreditsNudgeCreditType = named(
  'AddCreditsNudgeCreditType',
  'The request that the e-mail makes to the owner of the workspace.',
  z.enum(['credits', 'usage_limit']),
);

const AddCreditsNudgeEmailStatus = named(
  'AddCreditsNudgeEmailStatus',
  'Whether the e-mail was sent. `cooldown_active`: an earlier one was sent too recently.',
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
  'The outcome of a nudge.',
  z.object({ status: AddCreditsNudgeEmailStatus }),
);
export type SendAddCreditsNudgeEmailResponse = z.infer<typeof SendAddCreditsNudgeEmailResponse>;
