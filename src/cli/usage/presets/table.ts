import type { PresetName } from './names.js';
import type { Preset } from './preset.js';

/** The presets. Each is loaded when it is used. */
export const presets: Readonly<Record<PresetName, () => Promise<Preset>>> = {
  waybar: async () => (await import('./waybar.js')).waybar,
  tmux: async () => (await import('./tmux.js')).tmux,
  starship: async () => (await import('./starship.js')).starship,
  polybar: async () => (await import('./polybar.js')).polybar,
  i3blocks: async () => (await import('./i3blocks.js')).i3blocks,
  sketchybar: async () => (await import('./sketchybar.js')).sketchybar,
  swiftbar: async () => (await import('./swiftbar.js')).swiftbar,
  zellij: async () => (await import('./zellij.js')).zellij,
  'claude-code': async () => (await import('./claude-code.js')).claudeCode,
};
