import { encodeObject, rawJson } from '../framing/raw-json.js';
import { memberText } from '../framing/raw-spans.js';
import { boundedRetryAfterMs } from '../limits/pace.js';
import {
  checked,
  flag,
  nullable,
  number,
  object,
  optional,
  readJsonText,
  text,
} from '../util/json/reading.js';
import { type Answer, AnswerReader } from './answer.js';
import { isSameKey, type SnapshotKey } from './key.js';

/** A read of the limits as it is stored. */
export interface Snapshot {
  readonly answer: Answer;
  /** When the read began. */
  readonly readAtMs: number;
  /** Whether the details of the reset credits were asked for. */
  readonly hasCreditDetails: boolean;
  /** The number of reset credits without their details, which may have another one. */
  readonly countWithoutDetails: number | null;
  /** The epoch in which the read began. */
  readonly epoch: string;
}

/** A 429 that asked for a pause, as it is stored. */
export interface StoredPause {
  readonly untilMs: number;
  readonly message: string;
  readonly requestId: string | undefined;
}

/** Other formats are not read: a newer version of this package may have written them. */
const format = checked(number, (value) => value === 1);
const integer = checked(number, Number.isSafeInteger);
const keyMembers = { accountId: text, userId: text, baseUrl: text, supportsLunaReserve: flag };

const SnapshotFile = object({
  format,
  ...keyMembers,
  epoch: text,
  readAtMs: integer,
  hasCreditDetails: flag,
  countWithoutDetails: nullable(integer),
  answer: AnswerReader,
});

const PauseFile = object({
  format,
  ...keyMembers,
  untilMs: integer,
  message: text,
  requestId: optional(text),
});

export function snapshotText(key: SnapshotKey, { answer, ...rest }: Snapshot): string {
  return encodeObject({ format: 1, ...key, ...rest, answer: rawJson(encodeObject(answer)) });
}

/** Reads the text of a snapshot. Returns undefined if it is not whole, of another format, or of another key. */
export function snapshotFromText(json: string, key: SnapshotKey): Snapshot | undefined {
  const file = readJsonText(SnapshotFile, json);
  if (!file || !isSameKey(file, key)) return undefined;
  const { epoch, readAtMs, hasCreditDetails, countWithoutDetails, answer } = file;
  // The numbers in it stay as the backend has written them.
  const upsell = memberText(memberText(json, 'answer') ?? '{}', 'rateLimitUpsell');
  if (upsell === undefined) return undefined;
  const rateLimitUpsell = answer.rateLimitUpsell === null ? null : rawJson(upsell);
  return { epoch, readAtMs, hasCreditDetails, countWithoutDetails, answer: { ...answer, rateLimitUpsell } };
}

export function pauseText(key: SnapshotKey, pause: StoredPause): string {
  return encodeObject({ format: 1, ...key, ...pause });
}

/** Reads the text of a pause. Returns undefined if it has ended, or if its end is too far away to be right. */
export function pauseFromText(json: string, key: SnapshotKey, nowMs: number): StoredPause | undefined {
  const file = readJsonText(PauseFile, json);
  if (!file || !isSameKey(file, key)) return undefined;
  const leftMs = file.untilMs - nowMs;
  if (leftMs <= 0 || boundedRetryAfterMs(leftMs) !== leftMs) return undefined;
  return { untilMs: file.untilMs, message: file.message, requestId: file.requestId };
}
