import { safeJson } from '../../../../util/text/safe-text.js';
import { hexColourOf } from '../colours.js';
import type { Preset } from '../preset.js';

/**
 * Prints full_text, short_text and color, a line each: https://vivien.github.io/i3blocks/#_format
 *
 * With `interval=persist` each line would be a full_text, so a stream has the format `json`.
 */
export const i3blocks: Preset = {
  render: (bar) => [bar.title, bar.shortText, hexColourOf(bar)].join('\n'),
  renderLine: (bar) => safeJson({ full_text: bar.title, short_text: bar.shortText, color: hexColourOf(bar) }),
  install: ({ shell, isStream }) => `# In ~/.config/i3blocks/config:
[codex]
command=${shell}
${isStream ? 'interval=persist\nformat=json' : 'interval=30'}
`,
};
