import type { BudgetChange, ReadChange, ResetCreditsChange, WindowChange } from '../limits/read-changes.js';
import { windowMoves } from '../limits/window-moves.js';
import {
  array,
  checked,
  either,
  flag,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Reader,
  readJsonText,
  text,
} from '../util/json/reading.js';

/** A line of the log: a change that a process of this home has seen. */
export type LogEntry = {
  /** When the read began that showed it, in Unix seconds. */
  readonly at: number;
  readonly accountId: string;
  readonly userId: string;
  /** The name of the program that has read it. */
  readonly source: string;
} & LoggedChange;

export type LoggedChange = LoggedWindowChange | BudgetChange | ResetCreditsChange;

export interface LoggedWindowChange extends WindowChange {
  /**
   * Whether a window has started again before its boundary although no redemption of this home can have caused it. Null
   * unless the move is `early`, or if the journal cannot be read.
   */
  readonly movedWithoutUs: boolean | null;
}

/** Lines of other formats are skipped: a newer version of this package may have written them. */
const format = checked(number, (value) => value === 1);
const integer = checked(number, Number.isSafeInteger);

const head = { format, at: integer, accountId: text, userId: text, source: text };
const use = object({ usedPercent: integer, resetsAt: nullable(integer) });
const budget = object({ limit: text, used: text, remainingPercent: integer, resetsAt: integer });
const count = object({ availableCount: integer });
const credit = object({ id: text, status: text, expiresAt: optional(nullable(integer)) });

const Entry: Reader<LogEntry> = either(
  object({
    ...head,
    kind: oneOf(['window']),
    limitId: text,
    windowDurationMins: nullable(integer),
    before: nullable(use),
    after: nullable(use),
    move: nullable(oneOf(windowMoves)),
    movedWithoutUs: nullable(flag),
  }),
  either(
    object({
      ...head,
      kind: oneOf(['budget']),
      limitId: text,
      before: nullable(budget),
      after: nullable(budget),
    }),
    object({
      ...head,
      kind: oneOf(['resetCredits']),
      before: nullable(count),
      after: count,
      added: array(credit),
      removed: array(credit),
    }),
  ),
);

/** Writes an entry as a line, without its line break. */
export function entryText(entry: LogEntry): string {
  return JSON.stringify({ format: 1, ...entry });
}

/** Reads a line. Returns undefined if it is not whole or of another format. */
export function entryFromText(line: string): LogEntry | undefined {
  const found = readJsonText(Entry, line) as (LogEntry & { format?: number }) | undefined;
  if (!found) return undefined;
  const { format: _, ...entry } = found;
  return entry;
}

/** Names what an entry is about: entries of the same account and thing follow each other. */
export function subjectOf(entry: LogEntry | (Pick<LogEntry, 'accountId' | 'userId'> & ReadChange)): string {
  const { accountId, userId, kind } = entry;
  const thing =
    entry.kind === 'resetCredits'
      ? []
      : [entry.limitId, entry.kind === 'window' ? entry.windowDurationMins : null];
  return JSON.stringify([accountId, userId, kind, ...thing]);
}
