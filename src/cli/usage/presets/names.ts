import { nearestWord } from '../../../util/text/edit-distance.js';

/** The programs that `usage --preset` prints for. */
export const presetNames = [
  'waybar',
  'tmux',
  'starship',
  'polybar',
  'i3blocks',
  'sketchybar',
  'swiftbar',
  'zellij',
  'claude-code',
] as const;

export type PresetName = (typeof presetNames)[number];

/** The presets of programs that read the lines of one process. The others start a process for each line. */
export const streamedPresets: readonly PresetName[] = ['waybar', 'polybar', 'i3blocks'];

/** @throws Error that names the preset that was probably meant */
export function presetFrom(text: string): PresetName {
  const preset = presetNames.find((name) => name === text);
  if (preset) return preset;
  const meant = nearestWord(text, presetNames);
  if (meant !== undefined) throw new Error(`--preset has no '${text}'; did you mean ${meant}?`);
  throw new Error(`--preset takes ${presetNames.join(', ')}, not '${text}'`);
}
