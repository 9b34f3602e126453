import type { UsageFailure, UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { plainText } from '../../terminal/plain-text.js';
import { type Field, plainFields, windowFields } from './fields.js';
import { levelOf } from './level.js';
import type { Presentation } from '../presentation.js';

interface FormatContext extends RenderContext {
  /** Undefined if nothing has been read. */
  readonly report: UsageReport | undefined;
  /** Undefined if the last read succeeded. */
  readonly failure: UsageFailure | undefined;
  /** The home that was read, as `--home` names it. */
  readonly home?: string;
}

/** The text of `--format`. */
export interface UsageFormat {
  /** Whether the text has `{error}`, so that it is printed after a failed read too. */
  readonly showsErrors: boolean;
  /** Whether the text has `{age}`. */
  readonly showsAge: boolean;
  /** Renders it. An unknown value becomes `?`. */
  write(context: FormatContext): string;
}

type Part = (context: FormatContext) => string;

/** The fields that have a value even if nothing has been read. */
export const stateFields: Readonly<Record<string, readonly [meaning: string, StateField]>> = {
  level: ['ok, low, critical, blocked or unknown', ({ report }, chosen) => levelOf(report, chosen)],
  error: ['why the read failed; empty if it did not', ({ failure }) => failure?.error.message ?? ''],
  home: ['the folder of --home', ({ home }) => home ?? ''],
};

type StateField = (context: FormatContext, presentation: Presentation) => string;

/** Parses the text of `--format`. @throws Error whose message names an unknown field or a single brace */
export function readFormat(text: string, presentation: Presentation): UsageFormat {
  const texts = text.split(/(\{\{|\}\}|\{[^{}]*\}|[{}])/);
  const parts = texts.map((part) => partOf(part, presentation));
  return {
    showsErrors: texts.includes('{error}'),
    showsAge: texts.includes('{age}'),
    write: (context) => parts.map((part) => part(context)).join(''),
  };
}

function partOf(part: string, presentation: Presentation): Part {
  if (part === '{{' || part === '}}') return () => part.charAt(0);
  if (part === '{' || part === '}') {
    throw new Error(`--format has a single '${part}'; write it twice to show it`);
  }
  if (!part.startsWith('{')) return () => part;
  const [, name = '', key] = /^\{(\w+)(?::(\w+))?\}$/.exec(part) ?? [];
  const state = key === undefined ? named(stateFields, name) : undefined;
  if (state) return (context) => plainText(state(context, presentation), context.textStyle);
  const field = fieldOf(name, key);
  if (!field) throw new Error(`--format has no field ${part}`);
  return ({ report, nowMs, textStyle }) => {
    const value = report && field({ report, nowMs, textStyle, presentation });
    return plainText(`${value ?? '?'}`, textStyle);
  };
}

/** Finds a field: `{plan}`, `{window:300}`, `{window:spend}`, `{tightest:left}`. */
function fieldOf(name: string, key: string | undefined): Field | undefined {
  if (key === undefined) return named(plainFields, name);
  if (name === 'tightest') return named(windowFields, key)?.('tightest');
  if (key === 'spend') return named(windowFields, name)?.('spend');
  return /^[1-9]\d{0,8}$/.test(key) ? named(windowFields, name)?.(Number(key)) : undefined;
}

function named<T>(fields: Readonly<Record<string, readonly [string, T]>>, name: string): T | undefined {
  return Object.hasOwn(fields, name) ? fields[name]?.[1] : undefined;
}
