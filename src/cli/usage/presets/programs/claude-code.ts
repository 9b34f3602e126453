import { paint } from '../../../terminal/text-style.js';
import { colourOf } from '../colours.js';
import type { Preset } from '../preset.js';

const styles = { green: 'green', yellow: 'yellow', red: 'red', grey: 'dim' } as const;

/**
 * Prints one line with ANSI colours: https://code.claude.com/docs/en/statusline
 *
 * The JSON that arrives on stdin is not read, and not waited for.
 */
export const claudeCode: Preset = {
  render: (bar) => paint(styles[colourOf(bar)], bar.title, bar.textStyle),
  install: ({ shell }) => `{
  "statusLine": {
    "type": "command",
    "command": ${JSON.stringify(shell)}
  }
}
`,
};
