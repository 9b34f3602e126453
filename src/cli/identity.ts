import { arch, platform, release, type as osType } from 'node:os';
import { resolveCodexHome } from '../config/codex-home.js';
import type { ServerIdentity } from '../handlers/initialize.js';

/**
 * What the server tells of itself, from the environment and the machine.
 * @throws CodexHomeError
 */
export function serverIdentity(environment: NodeJS.ProcessEnv): ServerIdentity {
  return {
    codexHome: resolveCodexHome(environment.CODEX_HOME, environment.HOME),
    platformOs: platform() === 'darwin' ? 'macos' : platform(),
    system: `${platform() === 'darwin' ? 'Mac OS' : osType()} ${release()}; ${machine()}`,
    terminal: terminalOf(environment),
    originatorOverride: environment.CODEX_INTERNAL_ORIGINATOR_OVERRIDE || undefined,
  };
}

function machine(): string {
  if (arch() === 'x64') return 'x86_64';
  return arch() === 'arm64' && platform() !== 'darwin' ? 'aarch64' : arch();
}

function terminalOf(environment: NodeJS.ProcessEnv): string {
  const { TERM_PROGRAM: program, TERM_PROGRAM_VERSION: version, TERM: term } = environment;
  if (program) return version ? `${program}/${version}` : program;
  return term || 'unknown';
}
