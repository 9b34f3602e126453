import { advertisedVersion } from '../protocol/version.js';
import type { ClientInfo } from '../protocol/initialize.js';

export interface UserAgentParts {
  readonly system: string;
  readonly terminal: string;
  readonly originatorOverride: string | undefined;
}

/**
 * `NAME/0.169.0 (SYSTEM) TERMINAL (NAME; CLIENTVERSION)`. An originator override replaces only the first NAME. What
 * no header can carry becomes `_`.
 */
export function userAgentOf(client: ClientInfo, parts: UserAgentParts): string {
  const originator = parts.originatorOverride ?? client.name;
  const who = `${client.name}; ${client.version}`.trim();
  const text = `${originator}/${advertisedVersion} (${parts.system}) ${parts.terminal} (${who})`;
  return text.replace(/[^\t\x20-\x7e\x80-\u{10ffff}]/gu, '_');
}
