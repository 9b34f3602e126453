import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { ServerIdentity } from '../../handlers/initialize.js';
import { advertisedVersion } from '../../protocol/version.js';
import { codexHomeOf } from '../environment.js';
import { linuxSystem, macSystem } from './system-name.js';
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
  return {
    codexHome: codexHomeOf(environment),
    platformOs: process.platform === 'darwin' ? 'macos' : process.platform,
    system: `${system()}; ${machine()}`,
    terminal: terminalName(environment),
    codexVersion,
    originatorOverride: environment.CODEX_INTERNAL_ORIGINATOR_OVERRIDE || undefined,
  };
}

function system(): string {
  switch (process.platform) {
    case 'darwin':
      return macSystem(textOf('/System/Library/CoreServices/SystemVersion.plist'));
    case 'win32':
      return `Windows ${release()}`;
    default:
      return linuxSystem(textOf('/etc/os-release'));
  }
}

/** A file that cannot be read counts as empty: it only adds to the user agent. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function machine(): string {
  if (process.arch === 'x64') return 'x86_64';
  return process.arch === 'arm64' && process.platform !== 'darwin' ? 'aarch64' : process.arch;
}
