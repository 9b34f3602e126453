import { type CheckedNeeds, checkNeeds, type Need } from '../../../limits/needs/needs.js';
import type { UsageGate } from '../../../protocol/schema/reports/usage-report.js';
import { isSignedOut } from '../failure.js';
import type { UsageState } from '../state.js';
import { needKey } from './need-text.js';

/** The values of `--need` and `--fail-open`. */
export interface Gate {
  readonly needs: readonly Need[];
  /** Whether work may start if it is not known whether enough is left. */
  readonly isFailOpen: boolean;
}

/** Decides as of `nowMs`; undefined if the last read failed. */
export function checkGate(
  { read, failure }: UsageState,
  gate: Gate,
  nowMs: number,
): CheckedNeeds | undefined {
  return read && !failure ? checkNeeds(read.limits, gate.needs, nowMs) : undefined;
}

/** The exit codes of `--need`. A failed read leaves unknown whether enough is left. */
const codes = { enough: 0, blocked: 3, unknown: 4, tooLittle: 6 } as const;
const signedOutCode = 5;

export function gateExitCode(state: UsageState, gate: Gate, nowMs: number): number {
  if (state.failure && isSignedOut(state.failure.error.data.kind)) return signedOutCode;
  const verdict = checkGate(state, gate, nowMs)?.verdict ?? 'unknown';
  return verdict === 'unknown' && gate.isFailOpen ? codes.enough : codes[verdict];
}

/** Describes the decision in the shape of `usage --json`. */
export function gateReport({ verdict, expectedAt, needs }: CheckedNeeds): UsageGate {
  return {
    verdict,
    expectedAt,
    needs: needs.map(({ need, have, isMet, resetsAt }) => ({
      ...{ need: needKey(need), needed: need.limit === 'credits' ? need.count : need.leftPercent },
      ...{ have, isMet, resetsAt },
    })),
  };
}

/** Says that unknown counts as enough, if it does. */
export function failOpenWarning(state: UsageState, gate: Gate, nowMs: number): string | undefined {
  const isUnknown = (checkGate(state, gate, nowMs)?.verdict ?? 'unknown') === 'unknown';
  if (!gate.isFailOpen || !isUnknown || gateExitCode(state, gate, nowMs) !== codes.enough) return undefined;
  return 'It is not known whether enough is left. With --fail-open this counts as enough.';
}
