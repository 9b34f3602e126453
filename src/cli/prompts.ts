/** Something that may be chosen. */
export interface PromptOption<T> {
  readonly value: T;
  /** One paragraph. */
  readonly label: string;
  /** Whether it is shown and cannot be chosen. */
  readonly isDisabled?: boolean;
}

/** A talk with a person on a terminal. Lines that are said are no wider than `columns`. */
export interface Prompts {
  readonly columns: number;
  open(title: string): void;
  say(lines: readonly string[]): void;
  /** Undefined: the person has given it up. */
  choose<T>(question: string, options: readonly PromptOption<T>[]): Promise<T | undefined>;
  /** No unless the person says yes. */
  confirm(question: string): Promise<boolean>;
  close(lines: readonly string[]): void;
}
