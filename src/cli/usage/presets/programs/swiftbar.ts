import { hexColourOf } from '../colours.js';
import type { Preset } from '../preset.js';

/** Otherwise `:word:` becomes a symbol. */
const plain = 'emojize=false symbolize=false';

/**
 * Prints the title in the menu bar, then the lines of the menu:
 * https://github.com/swiftbar/SwiftBar#plugin-api
 *
 * A `|` begins the parameters of a line. It cannot be escaped.
 */
export const swiftbar: Preset = {
  render: (bar) =>
    [
      // The colour of the menu bar fits its background. Ours is for what needs attention.
      `${lineOf(bar.title)} | ${bar.level === 'ok' && !bar.isStale ? '' : `color=${hexColourOf(bar)} `}${plain}`,
      '---',
      ...bar.details().map((line) => `${lineOf(line)} | ${plain}`),
      '---',
      'Refresh | refresh=true',
    ].join('\n'),
  install: ({ wholePaths }) => `#!/bin/sh
# codex.1m.sh in the folder of your plugins, with chmod +x
${wholePaths}
`,
};

/** Removes what has a meaning in a line. Leading hyphens would begin a separator or a submenu. */
function lineOf(text: string): string {
  return text.replaceAll('|', '/').replace(/^[-\s]+/, '') || '?';
}
