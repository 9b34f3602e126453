import type { OutputStream, RedeemIo } from '../io.js';
import type { TextStyle } from './text-style.js';

/** An option of a list to choose from. */
export interface PromptOption<T> {
  readonly value: T;
  /** One paragraph. */
  readonly label: string;
  /** Whether it is shown but cannot be chosen. */
  readonly isDisabled?: boolean;
}

/** The terminal that questions are asked on. */
export interface PromptContext {
  readonly input: RedeemIo['stdin'];
  readonly output: OutputStream;
  /** Aborted if the user cancels. */
  readonly signal: AbortSignal;
  readonly textStyle: TextStyle;
}

/** Questions on a terminal. The lines to show are at most `columns` wide. */
export interface Prompts {
  readonly columns: number;
  open(title: string): void;
  show(lines: readonly string[]): void;
  /** Resolves with undefined if the user cancels. */
  choose<T>(question: string, options: readonly PromptOption<T>[]): Promise<T | undefined>;
  /** Resolves with false unless the user answers yes. */
  confirm(question: string): Promise<boolean>;
  close(lines: readonly string[]): void;
}
