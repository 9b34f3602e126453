import type { ClientInfo } from '../protocol/schema/initialize.js';

export interface UserAgentParts {
  readonly system: string;
  readonly terminal: string;
  readonly originatorOverride: string | undefined;
  /** The version of Codex. */
  readonly codexVersion: string;
}

/**
 * Returns `NAME/0.171.0 (SYSTEM) TERMINAL (NAME; CLIENTVERSION)`. An originator override replaces only the first NAME.
 *
 * If the text is not valid in a header, every character that is not printable ASCII becomes `_`, as in the reference.
 */
export function userAgentOf(client: ClientInfo, parts: UserAgentParts): string {
  const originator = parts.originatorOverride ?? client.name;
  const who = `${client.name}; ${client.version}`.trim();
  const text = `${originator}/${parts.codexVersion} (${parts.system}) ${parts.terminal} (${who})`;
  const isValidHeader = /^[\t\x20-\x7e\x80-\u{10ffff}]*$/u.test(text);
  return isValidHeader ? text : text.replace(/[^ -~]/gu, '_');
}
