import { expect, test } from 'vitest';
import { terminalName } from '../../../src/cli/identity/terminal-name.js';

const TERM = 'xterm-256color';

test.each<[Record<string, string>, string]>([
  [{}, 'unknown'],
  [{ TERM: 'dumb' }, 'dumb'],
  [{ TERM, TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.99.0' }, 'vscode/1.99.0'],
  [{ TERM, TERM_PROGRAM: 'ghostty', WEZTERM_VERSION: '1' }, 'ghostty'],
  [{ TERM, TERM_PROGRAM: ' ', TERM_PROGRAM_VERSION: '1' }, TERM],
  [{ TERM, WEZTERM_VERSION: '20240203-110809', VTE_VERSION: '1' }, 'WezTerm/20240203-110809'],
  [{ TERM, ITERM_SESSION_ID: 'w0t0p0' }, 'iTerm.app'],
  [{ TERM, TERM_SESSION_ID: 'x' }, 'Apple_Terminal'],
  [{ TERM, KITTY_WINDOW_ID: '1' }, 'kitty'],
  [{ TERM: 'xterm-kitty' }, 'kitty'],
  [{ TERM, ALACRITTY_SOCKET: '/run/a.sock' }, 'Alacritty'],
  [{ TERM, KONSOLE_VERSION: '230804' }, 'Konsole/230804'],
  [{ TERM, GNOME_TERMINAL_SCREEN: '/org/gnome' }, 'gnome-terminal'],
  [{ TERM, VTE_VERSION: '7600' }, 'VTE/7600'],
  [{ TERM, WT_SESSION: 'x' }, 'WindowsTerminal'],
  [{ TERM: 'tmux-256color', TMUX: '/tmp/tmux', VTE_VERSION: '7600' }, 'tmux-256color'],
  [{ TERM_PROGRAM: 'My Term', TERM_PROGRAM_VERSION: '1(2)é' }, 'My_Term/1_2__'],
])('with %j the terminal is %s', (environment, name) => {
  expect(terminalName(environment)).toBe(name);
});
