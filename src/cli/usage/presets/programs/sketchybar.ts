import { hexColourOf } from '../colours.js';
import type { Preset } from '../preset.js';
import { shellWord } from '../../../terminal/shell-word.js';

/**
 * Prints the properties of an item for `sketchybar --set`, quoted for `xargs` and the shell:
 * https://felixkratz.github.io/SketchyBar/config/items
 */
export const sketchybar: Preset = {
  render: (bar) => `label=${shellWord(bar.text)} label.color=${hexColourOf(bar).replace('#', '0xff')}`,
  install: ({ wholePaths }) => `#!/bin/sh
# ~/.config/sketchybar/plugins/codex.sh, with chmod +x
${wholePaths} | xargs sketchybar --set "$NAME"

# In ~/.config/sketchybar/sketchybarrc:
sketchybar --add item codex right \\
  --set codex update_freq=30 icon=codex script="$CONFIG_DIR/plugins/codex.sh"
`,
};
