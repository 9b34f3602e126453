import { safeLine } from './text/safe-text.js';

/** Levels from the most to the least severe. */
const levels = ['alert', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof levels)[number];

/** The diagnostic log. Callers pass no token, no e-mail address and no client input. */
export interface Log {
  /** An error that no answer reports, such as lost tokens. Terminal commands show it, too. */
  alert(message: string): void;
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

export interface LogOptions {
  /** Less severe lines are dropped. `off` drops all lines. */
  readonly level: LogLevel | 'off';
  readonly nowMs: () => number;
  /** Must not throw. */
  readonly write: (line: string) => void;
}

/**
 * Creates a log with one line per entry: `2026-01-01T00:00:00.000Z ERROR codex_account_server: message`. At the level
 * `alert`, which is that of terminal commands, a line is for people: `codex-account-server: message`.
 */
export function createLog({ level, nowMs, write }: LogOptions): Log {
  const at =
    (own: LogLevel) =>
    (message: string): void => {
      if (level === 'off' || levels.indexOf(own) > levels.indexOf(level)) return;
      if (level === 'alert') {
        write(`codex-account-server: ${safeLine(message)}\n`);
        return;
      }
      const time = new Date(nowMs()).toISOString();
      const shown = own === 'alert' ? 'ERROR' : own.toUpperCase().padStart(5);
      write(`${time} ${shown} codex_account_server: ${safeLine(message)}\n`);
    };
  return { alert: at('alert'), error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

/** A log without lines, for work whose problems are reported elsewhere. */
export const silentLog: Log = createLog({ level: 'off', nowMs: () => 0, write: () => undefined });

/** Returns the level of a terminal command: its messages already say what an error in the log says. */
export function commandLogLevel(rustLog: string | undefined): LogLevel | 'off' {
  return rustLog?.trim() ? levelFromRustLog(rustLog) : 'alert';
}

/**
 * Returns the level in RUST_LOG: `info`, `off`, or directives like `warn,codex_account_server=debug`. A directive for a
 * target counts if the target is this program or Codex's app-server. The most specific one takes precedence. The
 * default is `error`.
 */
export function levelFromRustLog(rustLog: string | undefined): LogLevel | 'off' {
  const directives = (rustLog ?? '').split(',').map((directive) => directive.trim().toLowerCase());
  const forTargets = directives
    .map((directive) => directive.split('='))
    .filter(([target = '', level]) => level !== undefined && isOwnTarget(target))
    .toSorted(([one = ''], [other = '']) => other.length - one.length)
    .map(([, level]) => level);
  return [...forTargets, ...directives.toReversed()].find(isLevel) ?? 'error';
}

function isOwnTarget(target: string): boolean {
  return 'codex_account_server'.startsWith(target) || target.startsWith('codex_app_server');
}

function isLevel(text: string | undefined): text is LogLevel | 'off' {
  return text === 'off' || levels.some((level) => level === text);
}
