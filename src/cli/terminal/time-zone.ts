/** Returns the time zone of TZ as an IANA name. If Intl does not know it: that of the system, or UTC. */
export function timeZoneOf(variable: string | undefined): string {
  const candidates = [nameIn(variable), new Intl.DateTimeFormat().resolvedOptions().timeZone];
  return candidates.find((name) => name !== undefined && isKnown(name)) ?? 'UTC';
}

/**
 * Returns whether TZ is set to a time zone that Intl does not know. POSIX rules, such as `CET-1CEST,M3.5.0,M10.5.0`, and
 * paths are valid for the system all the same.
 */
export function isUnknownTimeZone(variable: string | undefined): boolean {
  const name = nameIn(variable);
  return name !== undefined && !isKnown(name);
}

/** Reads the name in a variable. POSIX allows a colon before it. An empty variable counts as not set. */
function nameIn(variable: string | undefined): string | undefined {
  return variable?.replace(/^:/, '') || undefined;
}

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
