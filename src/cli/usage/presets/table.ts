import type { PresetName } from './names.js';
import type { Preset } from './preset.js';

/** The presets. Each is loaded when it is used. */
export const presets: Readonly<Record<PresetName, () => Promise<Preset>>> = {
  waybar: async () => (await import('./programs/waybar.js')).waybar,
  tmux: async () => (await import('./programs/tmux.js')).tmux,
  starship: async () => (await import('./programs/starship.js')).starship,
  polybar: async () => (await import('./programs/polybar.js')).polybar,
  i3blocks: async () => (await import('./programs/i3blocks.js')).i3blocks,
  sketchybar: async () => (await import('./programs/sketchybar.js')).sketchybar,
  swiftbar: async () => (await import('./programs/swiftbar.js')).swiftbar,
  zellij: async () => (await import('./programs/zellij.js')).zellij,
  'claude-code': async () => (await import('./programs/claude-code.js')).claudeCode,
};
