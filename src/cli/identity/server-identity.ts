import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { ServerIdentity } from '../../handlers/initialize.js';
import { advertisedVersion } from '../../protocol/version.js';
import { codexHomeOf } from '../environment.js';
import { platformNames } from './platform-names.js';
import { systemName } from './system-name.js';
import { terminalName } from './terminal-name.js';

/**
 * Describes the server to its clients.
 *
 * @param codexVersion the version of Codex that they see
 * @throws CodexHomeError
 */
export function serverIdentity(
  environment: NodeJS.ProcessEnv,
  codexVersion = advertisedVersion,
): ServerIdentity {
  const { platform, arch } = process;
  const { architecture, ...names } = platformNames(platform, arch);
  return {
    codexHome: codexHomeOf(environment),
    ...names,
    system: `${systemName({ platform, release: () => release(), textOf })}; ${architecture}`,
    terminal: terminalName(environment),
    codexVersion,
    originatorOverride: environment.CODEX_INTERNAL_ORIGINATOR_OVERRIDE || undefined,
  };
}

/** Reads a file. One that cannot be read counts as empty: it only adds to the user agent. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
