import { existsSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import type { AuthEnvironment } from '../auth/create-auth.js';
import { codexHomePath, CodexHomeError, resolveCodexHome } from '../config/codex-home.js';
import type { AdministratorFiles } from '../config/layers/layers.js';
import { readSmallFile } from '../util/files/small-file.js';

/** Returns the variables about logins, which Codex reads too. An empty variable counts as not set. */
export function authEnvironment(environment: NodeJS.ProcessEnv): AuthEnvironment {
  return {
    refreshTokenUrl: environment.CODEX_REFRESH_TOKEN_URL_OVERRIDE || undefined,
    revokeTokenUrl: environment.CODEX_REVOKE_TOKEN_URL_OVERRIDE || undefined,
    loginIssuer: environment.CODEX_APP_SERVER_LOGIN_ISSUER || undefined,
    loginClientId: environment.CODEX_APP_SERVER_LOGIN_CLIENT_ID || undefined,
    authApiBaseUrl: environment.CODEX_AUTHAPI_BASE_URL || undefined,
    accessToken: environment.CODEX_ACCESS_TOKEN || undefined,
  };
}

/** Removes the variables that carry a login. */
export function withoutLogins(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !loginVariables.includes(name)));
}

const loginVariables = ['CODEX_ACCESS_TOKEN', 'CODEX_API_KEY', 'OPENAI_API_KEY'];

/**
 * Returns the environment with the variables of `.env` in CODEX_HOME, which take precedence. As in codex, a file that
 * cannot be read counts as missing.
 *
 * @throws CodexHomeError if the file is too large to be read
 */
export async function withDotEnv(
  environment: NodeJS.ProcessEnv,
  platform = process.platform,
): Promise<NodeJS.ProcessEnv> {
  const path = dotEnvPath(environment, platform);
  if (path === undefined || !existsSync(path)) return environment;
  let bytes: Buffer;
  try {
    bytes = readSmallFile(path, maxDotEnvBytes);
  } catch (error) {
    // Its variables could name a proxy, so what it says is not ignored.
    if ((error as NodeJS.ErrnoException).code !== 'EFBIG') return environment;
    throw new CodexHomeError(`${JSON.stringify(path)} has more than ${maxDotEnvBytes} bytes`);
  }
  const { variablesFromDotEnv } = await import('../config/dot-env.js');
  return environmentWith(environment, variablesFromDotEnv(bytes, environment), platform);
}

/**
 * Returns the environment with other values of some variables. On Windows all names are in upper case then: names that
 * differ in case are one variable there, and a copy of `process.env` has its spellings, such as `Path`.
 */
export function environmentWith(
  environment: NodeJS.ProcessEnv,
  variables: Readonly<Record<string, string>>,
  platform = process.platform,
): NodeJS.ProcessEnv {
  if (platform !== 'win32') return { ...environment, ...variables };
  const all = [...Object.entries(environment), ...Object.entries(variables)];
  return Object.fromEntries(all.map(([name, value]) => [name.toUpperCase(), value]));
}

function dotEnvPath(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  try {
    return join(codexHomePath(environment.CODEX_HOME, homeVariable(environment, platform)), '.env');
  } catch {
    // A command that needs CODEX_HOME reports that there is none.
    return undefined;
  }
}

const maxDotEnvBytes = 64 * 1024 * 1024;

/** Returns the path of CODEX_HOME. @throws CodexHomeError */
export function codexHomeOf(environment: NodeJS.ProcessEnv, platform = process.platform): string {
  return resolveCodexHome(environment.CODEX_HOME, homeVariable(environment, platform));
}

/**
 * Returns the variable with the home folder. On Windows none counts, as in codex: a Unix shell may set HOME to another
 * folder. The home folder of the user account counts there.
 */
export function homeVariable({ HOME }: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  return platform === 'win32' ? undefined : HOME;
}

/** Returns the paths of the files in which the administrator of this machine sets rules for codex. */
export function administratorFiles(
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): AdministratorFiles {
  if (platform !== 'win32') {
    return {
      config: '/etc/codex/config.toml',
      managed: '/etc/codex/managed_config.toml',
      requirements: '/etc/codex/requirements.toml',
    };
  }
  const folder = win32.join(environment.PROGRAMDATA || 'C:\\ProgramData', 'OpenAI', 'Codex');
  return { config: win32.join(folder, 'config.toml'), requirements: win32.join(folder, 'requirements.toml') };
}

/**
 * Returns the folder for compiled code: the user's cache folder. Undefined if there is none, or if
 * CODEX_ACCOUNT_SERVER_DISABLE, a list separated by commas, contains `code-cache`.
 */
export function codeCacheFolder(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): string | undefined {
  const { CODEX_ACCOUNT_SERVER_DISABLE: disabled = '', XDG_CACHE_HOME: xdg, HOME: home } = environment;
  if (disabled.split(',').some((name) => name.trim() === 'code-cache')) return undefined;
  const name = 'codex-account-server';
  if (platform === 'win32') {
    const { LOCALAPPDATA: local } = environment;
    return local && /^[a-z]:\\/i.test(local) ? win32.join(local, name, 'Cache') : undefined;
  }
  if (xdg?.startsWith('/')) return posix.join(xdg, name);
  if (!home?.startsWith('/')) return undefined;
  return platform === 'darwin'
    ? posix.join(home, 'Library', 'Caches', name)
    : posix.join(home, '.cache', name);
}

/**
 * Removes NODE_TLS_REJECT_UNAUTHORIZED, which does not switch the check of certificates off here: node would warn that it
 * does. Returns a warning for the user, if it was set to do so.
 */
export function dropTlsSwitch(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return undefined;
  delete environment.NODE_TLS_REJECT_UNAUTHORIZED;
  return 'NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored: certificates are always checked; CODEX_CA_CERTIFICATE adds trusted ones';
}
