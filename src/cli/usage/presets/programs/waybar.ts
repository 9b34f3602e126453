import { escapeHtml } from '../../../../util/text/html.js';
import { safeJson } from '../../../../util/text/safe-text.js';
import type { Preset } from '../preset.js';

/**
 * Prints the JSON of a custom module with `"return-type": "json"`; waybar-custom(5):
 * https://man.archlinux.org/man/waybar-custom.5
 */
export const waybar: Preset = {
  render: ({ text, level, isStale, percent, details }) =>
    safeJson({
      // Both texts are Pango markup, which has the same entities: https://docs.gtk.org/Pango/pango_markup.html
      text: escapeHtml(text),
      tooltip: escapeHtml(details().join('\n')),
      class: isStale ? [level, 'stale'] : [level],
      alt: level,
      ...(percent !== undefined && { percentage: percent }),
    }),
  install: ({
    shell,
    isStream,
  }) => `// In ~/.config/waybar/config.jsonc, with "custom/codex" in a list of modules:
"custom/codex": {
  "exec": ${JSON.stringify(shell)},
  "return-type": "json",
  ${isStream ? '"restart-interval": 60' : '"interval": 30'},
  "format": "codex {}"
},

/* In ~/.config/waybar/style.css: */
#custom-codex.low { color: #d29922; }
#custom-codex.critical, #custom-codex.blocked { color: #e5534b; }
#custom-codex.unknown, #custom-codex.stale { color: #8b949e; }
`,
};
