import { join } from 'node:path';

/** What saves time by leaning on the inside of node or V8, and can be switched off for that reason. */
export interface Shortcuts {
  /** Where compiled code is kept for the next process. */
  readonly codeCacheFolder: string | undefined;
  /** Whether node's own HTTP parser is used. */
  readonly usesNativeParser: boolean;
  /** Whether a server that has much to do is optimised early. */
  readonly optimizesEarly: boolean;
}

/**
 * All of them, but for those that CODEX_ACCOUNT_SERVER_DISABLE names: `code-cache`, `native-parser`,
 * `early-optimization`, or several with commas between them.
 */
export function shortcutsOf(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): Shortcuts {
  const disabled = (environment.CODEX_ACCOUNT_SERVER_DISABLE ?? '').split(',').map((name) => name.trim());
  return {
    codeCacheFolder: disabled.includes('code-cache') ? undefined : cacheFolder(environment, platform),
    usesNativeParser: !disabled.includes('native-parser'),
    optimizesEarly: !disabled.includes('early-optimization'),
  };
}

/** Where programs of this user keep what they can do without. */
function cacheFolder(
  { XDG_CACHE_HOME: xdg, HOME: home }: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): string | undefined {
  const name = 'codex-account-server';
  if (xdg?.startsWith('/')) return join(xdg, name);
  if (!home?.startsWith('/')) return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches', name) : join(home, '.cache', name);
}
