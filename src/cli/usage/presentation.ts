import { ordinaryLimitId } from '../../limits/snapshots.js';
import type { UsageLimit, UsageReport } from '../../protocol/schema/reports/usage-report.js';

/** How the user wants limits to be shown. */
export interface Presentation {
  /** Whether to show what is left in place of what is used. */
  readonly showsLeft: boolean;
  /** The length of bars; undefined for the usual one. */
  readonly barColumns: number | undefined;
  /** The id or name of the only limit to show; undefined for all of them. */
  readonly limitName: string | undefined;
  /** From which percent left `{level}` is `low` and `critical`. */
  readonly lowPercent: number;
  readonly criticalPercent: number;
  /** Precedes a command to type: the home that it is for. Undefined if that is CODEX_HOME. */
  readonly commandPrefix?: string;
}

/** The options of `usage` about the output. */
export interface PresentationOptions {
  readonly json: boolean;
  readonly format?: string | undefined;
  readonly preset?: string | undefined;
  readonly left: boolean;
  readonly limit?: string | undefined;
  readonly 'bar-width'?: string | undefined;
  readonly low?: string | undefined;
  readonly critical?: string | undefined;
}

/** The largest `--bar-width`. */
export const widestBar = 200;

/** As bars are coloured: yellow from 70 % used, red from 90 %. */
export const usualPresentation: Presentation = {
  showsLeft: false,
  barColumns: undefined,
  limitName: undefined,
  lowPercent: 30,
  criticalPercent: 10,
};

/** Finds a limit by its id, else by its name in any case; undefined if the account has none of this name. */
export function limitOfName({ limits }: UsageReport, name: string): UsageLimit | undefined {
  const lower = name.toLowerCase();
  return (
    limits.find(({ limitId }) => limitId === name) ??
    limits.find(({ limitName }) => limitName?.toLowerCase() === lower)
  );
}

/** Returns whether this is the ordinary limit, to which the budget belongs. */
export function isOrdinary({ limitId }: Pick<UsageLimit, 'limitId'>): boolean {
  return limitId === ordinaryLimitId;
}

/** Says which limits there are, if the chosen one is not among them. */
export function missingLimitText(
  report: UsageReport | undefined,
  { limitName }: Presentation,
): string | undefined {
  if (!report || limitName === undefined || limitOfName(report, limitName)) return undefined;
  const names = report.limits.map(({ limitId }) => limitId).join(', ');
  return `This account has no limit '${limitName}'. It has: ${names}.`;
}
