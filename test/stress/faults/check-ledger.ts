import type { DevBackend } from '../../../src/dev-backend/server.js';
import type { Attempt } from './attempts.js';

/** Lists the violations that the ledger and the requests show after the run. */
export function checkLedger({ ledger, requests }: DevBackend, attempts: readonly Attempt[]): string[] {
  const violations: string[] = [];
  const entries = [...ledger.creditIdByKey];
  const byKey = new Map(attempts.map((attempt) => [attempt.key, attempt]));
  if (ledger.redeemedIds.size !== entries.length) violations.push('a credit was spent for two keys');

  for (const [key, creditId] of entries) {
    const attempt = byKey.get(key);
    if (!attempt) violations.push(`a key that was never sent: ${key}`);
    else if (attempt.callers !== 'two that differ' && !isWanted(attempt, creditId)) {
      violations.push(`${key} spent ${creditId} in place of ${attempt.creditId}`);
    }
  }
  for (const { key, ends } of attempts) {
    if (ends.length === 0) violations.push(`no outcome of ${key}`);
    const isReported = ends.some((end) => end === 'reset' || end === 'alreadyRedeemed');
    if (isReported !== ledger.creditIdByKey.has(key)) violations.push(`${key} ended with ${ends.join()}`);
  }
  for (const { body } of requests) {
    const { redeem_request_id: key, credit_id: creditId } = JSON.parse(body) as Record<string, string>;
    const attempt = byKey.get(key ?? '');
    const isSent = attempt?.creditId === creditId || attempt?.callers === 'two that differ';
    if (!isSent) violations.push(`never sent: ${body}`);
  }
  return violations;
}

function isWanted({ creditId }: Attempt, spent: string): boolean {
  return creditId === undefined ? spent.startsWith('any-') : spent === creditId;
}
