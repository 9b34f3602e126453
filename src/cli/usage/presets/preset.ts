import type { TextStyle } from '../../terminal/text-style.js';
import type { Bar } from './bar.js';

/** How to print for a program. */
export interface Preset {
  /** Returns the whole output, without its last line break. */
  readonly render: (bar: PresetBar) => string;
  /** Returns one line of a stream, for programs whose streams have another format. */
  readonly renderLine?: (bar: PresetBar) => string;
  /** Returns the lines for the program's configuration. */
  readonly install: (command: InstalledCommand) => string;
}

export interface PresetBar extends Bar {
  /** The text, with the name of this program before it unless the user chose the text. */
  readonly title: string;
  /** Describes every limit. For programs that have a tooltip or a menu. */
  readonly details: () => readonly string[];
  readonly textStyle: TextStyle;
}

export interface InstalledCommand {
  /** The words of the command. */
  readonly words: readonly string[];
  /** The same as a shell reads it. */
  readonly shell: string;
  /** The same with the whole paths of its programs, for programs that have another PATH. */
  readonly wholePaths: string;
  /** Whether it prints a line per change until it is ended. */
  readonly isStream: boolean;
}
