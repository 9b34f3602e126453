import { colourOf } from '../colours.js';
import type { Preset } from '../preset.js';

/** There is none for green: the status line of tmux is green itself. */
const names = { green: undefined, yellow: 'yellow', red: 'red', grey: 'brightblack' } as const;

/**
 * Prints a text for a status line, with the styles of tmux(1), "STYLES": https://man.openbsd.org/tmux.1#STYLES
 *
 * Only the foreground is set, and reset, so that the style around it stays. tmux expands what a command in `#()` prints:
 * a `#` is doubled.
 */
export const tmux: Preset = {
  render(bar) {
    const text = bar.text.replaceAll('#', '##');
    const name = names[colourOf(bar)];
    return name === undefined ? text : `#[fg=${name}]${text}#[fg=default]`;
  },
  install: ({ shell }) => `# In ~/.tmux.conf:
# The colours are for a dark status line, and tmux's own is green. To change that:
# set -g status-style bg=black,fg=white
set -g status-interval 15
set -g status-right-length 80
set -g status-right ${quoted(`codex #(${escapedCommand(shell)}) | %H:%M`)}
`,
};

/** Escapes a command in `#()`: its `%` and `#` are expanded, but `#[` stays. */
function escapedCommand(shell: string): string {
  return shell.replaceAll('%', '%%').replace(/#+(?![#[])/g, '$&$&');
}

/** Quotes a text for a configuration of tmux. */
function quoted(text: string): string {
  return text.includes("'") ? `"${text.replace(/["\\$]/g, '\\$&')}"` : `'${text}'`;
}
