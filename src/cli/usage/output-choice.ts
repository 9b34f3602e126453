import { readFormat, type UsageFormat } from './format/format.js';
import type { Presentation } from './presentation.js';
import { presetFrom, type PresetName, streamedPresets } from './presets/names.js';

/** The form in which `usage` prints. */
export type UsageOutput =
  | { readonly kind: 'json' }
  | { readonly kind: 'view'; readonly presentation: Presentation }
  | FormatOutput
  | PresetOutput;

interface LineOutput {
  readonly presentation: Presentation;
  /** Whether the exit code says if use is allowed although a line was printed. */
  readonly hasExitCode: boolean;
}

interface FormatOutput extends LineOutput {
  readonly kind: 'format';
  readonly format: UsageFormat;
}

export interface PresetOutput extends LineOutput {
  readonly kind: 'preset';
  readonly preset: PresetName;
  /** Takes the place of the usual text. */
  readonly format: UsageFormat | undefined;
  /** From which age values are marked as stale. */
  readonly staleAfterMs: number;
}

interface OutputOptions {
  readonly json: boolean;
  readonly format?: string | undefined;
  readonly preset?: string | undefined;
  readonly watch: boolean;
  readonly 'install-help': boolean;
  readonly 'exit-code': boolean;
}

/** The greatest age of a stored read for a preset. */
const presetMaxAgeMs = 60_000;

/**
 * Reads the options that choose the output.
 *
 * @param maxAgeMs the greatest age of a stored read, if it is given
 * @throws Error whose message says what is wrong
 */
export function outputFrom(
  values: OutputOptions,
  presentation: Presentation,
  maxAgeMs: number | undefined,
): UsageOutput {
  const { json, format: text, preset: name, watch, 'exit-code': hasExitCode } = values;
  if (json && text !== undefined) throw new Error('--json and --format exclude each other');
  if (json && name !== undefined) throw new Error('--json and --preset exclude each other');
  if (values['install-help'] && name === undefined) throw new Error('--install-help is for --preset');
  if (hasExitCode && (text ?? name) === undefined)
    throw new Error('--exit-code is for --format and --preset');
  if (json) return { kind: 'json' };
  const format = text === undefined ? undefined : readFormat(text, presentation);
  if (name === undefined) {
    return format ? { kind: 'format', format, presentation, hasExitCode } : { kind: 'view', presentation };
  }
  const preset = presetFrom(name);
  if (watch && !streamedPresets.includes(preset))
    throw new Error(`--watch is for the presets ${streamedPresets.join(', ')}, not for ${preset}`);
  const staleAfterMs = maxAgeMs ?? presetMaxAgeMs;
  return { kind: 'preset', preset, format, presentation, hasExitCode, staleAfterMs };
}

/** Returns the greatest age of a stored read for an output, if none is given; undefined for a live read. */
export function usualMaxAgeMs({ kind }: UsageOutput): number | undefined {
  return kind === 'preset' ? presetMaxAgeMs : undefined;
}
