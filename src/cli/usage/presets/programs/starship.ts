import type { Preset } from '../preset.js';

/**
 * Prints the text alone, for a custom command: https://starship.rs/config/#custom-commands
 *
 * Its style is in the configuration. starship escapes what the shell would expand in a prompt.
 */
export const starship: Preset = {
  render: ({ text }) => text,
  // starship ends a command after 0.5 s otherwise, before ours has its line.
  install: ({ shell }) => `# In ~/.config/starship.toml:
[custom.codex]
command = ${JSON.stringify(shell)}
when = true
shell = ["sh"]
ignore_timeout = true
format = "codex [$output]($style) "
style = "yellow"
`,
};
