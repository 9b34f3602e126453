import type { RenderContext } from '../../terminal/text-style.js';
import type { PresetOutput } from '../output-choice.js';
import { barOf, type BarState } from './bar.js';
import { detailLines } from './details.js';
import { presets } from './table.js';

/** Resolves with the text that a preset prints. @param isStream whether it is one of many lines */
export async function presetText(
  state: BarState,
  output: PresetOutput,
  { nowMs, textStyle, isStream }: RenderContext & { readonly isStream: boolean },
): Promise<string> {
  const { render, renderLine = render } = await presets[output.preset]();
  const bar = barOf(state, output, { nowMs, textStyle });
  const presetBar = {
    ...bar,
    title: output.format ? bar.text : `codex ${bar.text}`,
    details: () => detailLines(state, output.presentation, { nowMs, textStyle }),
    textStyle,
  };
  return `${isStream ? renderLine(presetBar) : render(presetBar)}\n`;
}
