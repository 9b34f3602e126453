/** The options of `login status`. */
export interface StatusChoice {
  /** Whether to show the details of the login on stdout, if that is not a terminal. */
  readonly isVerbose: boolean;
  /** Whether to ask the backend if the login is still valid. */
  readonly isChecking: boolean;
  readonly isJson: boolean;
}

/** Returns the choice of a command line that needs no request; undefined if the program has to read it. */
export function offlineStatusChoice([first, ...options]: readonly string[]): StatusChoice | undefined {
  if (first !== 'status' || options.some((option) => option !== '--verbose' && option !== '--json')) {
    return undefined;
  }
  return {
    isVerbose: options.includes('--verbose'),
    isChecking: false,
    isJson: options.includes('--json'),
  };
}
