import { hexColourOf } from '../colours.js';
import type { Preset } from '../preset.js';

/**
 * Prints a text with a formatting tag: https://polybar.readthedocs.io/en/stable/user/actions.html and
 * https://github.com/polybar/polybar/wiki/Formatting
 *
 * `%{` begins a tag. It cannot be escaped, so a space is put in between.
 */
export const polybar: Preset = {
  render: (bar) => `%{F${hexColourOf(bar)}}${bar.text.replaceAll('%{', '% {')}%{F-}`,
  install: ({ shell, isStream }) => `; In ~/.config/polybar/config.ini, with codex in a list of modules:
[module/codex]
type = custom/script
exec = ${shell}
${isStream ? 'tail = true' : 'interval = 30'}
format-prefix = "codex "
`,
};
