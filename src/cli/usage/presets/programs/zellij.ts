import { hexColourOf } from '../colours.js';
import type { Preset } from '../preset.js';

/**
 * Prints a text for the command widget of zjstatus with the render mode `dynamic`:
 * https://github.com/dj95/zjstatus/wiki/4-%E2%80%90-Widgets#command
 *
 * `#[` begins a style. It cannot be escaped, so a space is put in between.
 */
export const zellij: Preset = {
  render: (bar) => `#[fg=${hexColourOf(bar)}]${bar.text.replaceAll('#[', '# [')}`,
  install: ({
    words,
    shell,
  }) => `// In the plugin block of zjstatus, with {command_codex} in one of its formats:
command_codex_command    ${JSON.stringify(commandLine(words, shell))}
command_codex_format     "codex {stdout}"
command_codex_interval   "30"
command_codex_rendermode "dynamic"
`,
};

/** Writes a command for zjstatus, which splits it at spaces, and takes quotes only around its last word. */
function commandLine(words: readonly string[], shell: string): string {
  return words.some((word) => /[\s"'\\]/.test(word)) ? `sh -c "${shell}"` : words.join(' ');
}
