import { ConnectionError, pendingLimitMs, RedemptionError, RequestError } from '../client/library.js';
import { CodexHomeError } from '../config/codex-home.js';
import type { Moment } from './dialog.js';
import { RedeemStop } from './redeem-stop.js';
import { localTime } from './times.js';
import { failureSentence } from './usage-failure.js';

/** Why a redemption came to nothing, in sentences. */
export function reasonOf(error: unknown, moment: Moment): string {
  if (error instanceof RedemptionError) return redemptionSentence(error, moment);
  if (error instanceof RequestError) {
    const sentence = failureSentence({ ...error.details, kind: error.kind }, error.message, 'redeem');
    return sentence.startsWith('Cannot') && !sentence.endsWith('?') ? `${sentence}.` : sentence;
  }
  if (error instanceof ConnectionError) return `${capitalized(error.message)}.`;
  if (error instanceof RedeemStop) return stopSentences[error.kind];
  if (error instanceof CodexHomeError) return `${error.message}.`;
  return 'An internal error.';
}

const stopSentences = {
  declined: 'Not redeemed.',
  interrupted: 'Given up.',
  finishedElsewhere: 'Another process has gone on with it: redeem --history tells what came of it.',
} as const;

function redemptionSentence(error: RedemptionError, { nowMs, look }: Moment): string {
  const { kind, redemption, cause } = error;
  const time = (ms: number | null | undefined): string => localTime((ms ?? nowMs) / 1000, nowMs, look);
  switch (kind) {
    case 'anotherIsOpen':
      return redemption
        ? 'An attempt for another credit comes first: leave --credit out.'
        : 'Another process is redeeming a credit right now.';
    case 'pending': {
      const redeemedAtMs = redemption?.redeemedAtMs;
      const until = time((redeemedAtMs ?? nowMs) + pendingLimitMs);
      return `The windows of the redemption of ${time(redeemedAtMs)} may still move, until ${until}; before, none is begun.`;
    }
    case 'accountChanged':
      return 'Another account is signed in than before.';
    case 'staleRead':
      return 'There was another redemption meanwhile: look at the limits again.';
    case 'creditUnavailable':
      return 'That credit is not available any more.';
    case 'outcomeUnknown':
      return `It is not known whether a credit was used. ${cause === undefined ? '' : reasonOf(cause, { nowMs, look })}`.trim();
    default:
      return `${capitalized(error.message)}.`;
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
