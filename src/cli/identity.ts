import * as os from 'node:os';
import { resolveCodexHome } from '../config/codex-home.js';
import type { ServerIdentity } from '../handlers/initialize.js';

/**
 * What the server tells of itself, from the environment and the machine.
 * @throws CodexHomeError
 */
export function serverIdentity(environment: NodeJS.ProcessEnv): ServerIdentity {
  return {
    codexHome: resolveCodexHome(environment.CODEX_HOME, environment.HOME),
    platformOs: os.platform() === 'darwin' ? 'macos' : os.platform(),
    system: `${os.platform() === 'darwin' ? 'Mac OS' : os.type()} ${os.release()}; ${machine()}`,
    terminal: terminalOf(environment),
    originatorOverride: environment.CODEX_INTERNAL_ORIGINATOR_OVERRIDE || undefined,
  };
}

function machine(): string {
  if (os.arch() === 'x64') return 'x86_64';
  return os.arch() === 'arm64' && os.platform() !== 'darwin' ? 'aarch64' : os.arch();
}

function terminalOf(environment: NodeJS.ProcessEnv): string {
  const { TERM_PROGRAM: program, TERM_PROGRAM_VERSION: version, TERM: term } = environment;
  if (program) return version ? `${program}/${version}` : program;
  return term || 'unknown';
}
