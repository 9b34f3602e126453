import type { CreditLedger } from '../../../src/dev-backend/account/credit-ledger.js';
import { errorKinds } from '../../../src/util/errors.js';

/** A redemption that is wanted once, with its own key and its results. */
export interface Attempt {
  readonly key: string;
  readonly creditId: string | undefined;
  /** The concurrent callers: one, two with the same params, or two of which one names no credit. */
  readonly callers: 'one' | 'two' | 'two that differ';
  /** The last answer of each caller; empty until all have finished. */
  readonly ends: Answer[];
}

/** `unclear` and `refused` are errors; `refused` means that nothing was redeemed. */
export type Answer = 'reset' | 'alreadyRedeemed' | 'noCredit' | 'nothingToReset' | 'unclear' | 'refused';

/**
 * Creates attempts of every sort: some name a credit, some the same credit as another one, some are made twice at
 * once.
 */
export function createAttempts(count: number, random: () => number): Attempt[] {
  return Array.from({ length: count }, (_, index) => {
    const wish = random();
    const company = random();
    return {
      key: `key-${index}`,
      creditId: wish < 0.05 ? `wanted-${index % 50}` : wish < 0.2 ? `own-${index}` : undefined,
      callers: company < 0.1 ? 'two' : company < 0.15 ? 'two that differ' : 'one',
      ends: [],
    };
  });
}

export interface Connection {
  readonly ledger: CreditLedger;
  readonly random: () => number;
  send(params: object): Promise<Record<string, unknown>>;
  onAnswer(answer: Answer): void;
  onViolation(text: string): void;
}

/** Redeems as clients should: repeats with the same key until the outcome is known. */
export async function makeAttempt(connection: Connection, attempt: Attempt): Promise<void> {
  const { key, creditId, callers, ends } = attempt;
  const callerParams = {
    one: [{ creditId }],
    two: [{ creditId }, { creditId }],
    'two that differ': [{ creditId }, {}],
  }[callers];
  const call = (params: object): Promise<Answer> =>
    callUntilKnown(connection, { idempotencyKey: key, ...params });
  ends.push(...(await Promise.all(callerParams.map(call))));
}

const maxCalls = 100;

async function callUntilKnown(connection: Connection, params: ConsumeParams): Promise<Answer> {
  const { send, random, onAnswer, onViolation } = connection;
  for (let count = 1; ; count += 1) {
    const received = await send(params);
    const { answer, violation } = readAnswer(connection.ledger, received, params);
    onAnswer(answer);
    if (violation) onViolation(`${violation}: ${params.idempotencyKey}: ${JSON.stringify(received)}`);
    if (answer === 'refused' && random() < 0.5) return answer;
    if (answer !== 'unclear' && answer !== 'refused') return answer;
    if (count === maxCalls) {
      onViolation(`no outcome after ${maxCalls} calls: ${params.idempotencyKey}`);
      return answer;
    }
  }
}

interface ConsumeParams {
  readonly idempotencyKey: string;
  readonly creditId?: string | undefined;
}

interface Received {
  readonly result?: { readonly outcome: 'reset' | 'alreadyRedeemed' | 'noCredit' | 'nothingToReset' };
  readonly error?: { readonly data?: { readonly kind?: unknown; readonly outcomeKnown?: unknown } };
}

/** Reads an answer, and reports it if the ledger contradicts it at this moment. */
function readAnswer(
  ledger: CreditLedger,
  { result, error }: Received,
  { idempotencyKey, creditId }: ConsumeParams,
): { answer: Answer; violation?: string } {
  const isRedeemed = ledger.creditIdByKey.has(idempotencyKey);
  if (result) {
    const answer = result.outcome;
    if (answer === 'nothingToReset') return { answer, violation: 'there was something to reset' };
    if (answer === 'noCredit') {
      const isGone = creditId !== undefined && ledger.redeemedIds.has(creditId) && !isRedeemed;
      return isGone ? { answer } : { answer, violation: 'there was a credit' };
    }
    return isRedeemed ? { answer } : { answer, violation: 'nothing was redeemed' };
  }
  const { kind, outcomeKnown } = error?.data ?? {};
  const answer = outcomeKnown === true ? 'refused' : 'unclear';
  if (!errorKinds.some((known) => known === kind)) return { answer, violation: 'no known kind' };
  if (typeof outcomeKnown !== 'boolean') return { answer, violation: 'no outcomeKnown' };
  if (outcomeKnown && isRedeemed) return { answer, violation: 'a credit was spent' };
  return { answer };
}
