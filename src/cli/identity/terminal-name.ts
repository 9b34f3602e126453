/**
 * Returns the terminal as codex has it in its user agent, such as `WezTerm/20240203`: from the variable of a terminal
 * program, else from `TERM`. Characters that are unusual in a user agent become `_`.
 */
export function terminalName(environment: NodeJS.ProcessEnv): string {
  const name = fromProgram(environment) ?? fromTerminal(environment) ?? used(environment.TERM) ?? 'unknown';
  return name.replace(/[^\w./-]/g, '_');
}

function fromProgram({ TERM_PROGRAM, TERM_PROGRAM_VERSION }: NodeJS.ProcessEnv): string | undefined {
  const program = used(TERM_PROGRAM);
  return program && versioned(program, TERM_PROGRAM_VERSION);
}

/** Names the terminal by its own variables. Inside tmux they may be those of another one, and are not used. */
function fromTerminal(environment: NodeJS.ProcessEnv): string | undefined {
  if (used(environment.TMUX) ?? used(environment.TMUX_PANE)) return undefined;
  const found = terminals.find(
    ({ variables, term }) =>
      variables.some((name) => environment[name] !== undefined) || term?.test(environment.TERM ?? ''),
  );
  return found && versioned(found.name, found.version && environment[found.version]);
}

interface Terminal {
  readonly name: string;
  /** The variables of which one is set in it. */
  readonly variables: readonly string[];
  readonly term?: RegExp;
  /** The variable with its version. */
  readonly version?: string;
}

/** In the order in which codex looks for them. */
const terminals: readonly Terminal[] = [
  { name: 'WezTerm', variables: ['WEZTERM_VERSION'], version: 'WEZTERM_VERSION' },
  { name: 'iTerm.app', variables: ['ITERM_SESSION_ID', 'ITERM_PROFILE', 'ITERM_PROFILE_NAME'] },
  { name: 'Apple_Terminal', variables: ['TERM_SESSION_ID'] },
  { name: 'kitty', variables: ['KITTY_WINDOW_ID'], term: /kitty/ },
  { name: 'Alacritty', variables: ['ALACRITTY_SOCKET'], term: /^alacritty$/ },
  { name: 'Konsole', variables: ['KONSOLE_VERSION'], version: 'KONSOLE_VERSION' },
  { name: 'gnome-terminal', variables: ['GNOME_TERMINAL_SCREEN'] },
  { name: 'VTE', variables: ['VTE_VERSION'], version: 'VTE_VERSION' },
  { name: 'WindowsTerminal', variables: ['WT_SESSION'] },
];

function versioned(name: string, version: string | undefined): string {
  return used(version) === undefined ? name : `${name}/${version}`;
}

/** Returns the value of a variable. One of blanks counts as not set. */
function used(value: string | undefined): string | undefined {
  return value?.trim() ? value : undefined;
}
