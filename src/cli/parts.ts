import { join } from 'node:path';
import { type LoadedScript, loadScript } from './code-cache.js';

/** What is loaded only once it is needed: bundles of their own, beside the one that this module ends up in. */
interface Parts {
  readonly 'app-server': typeof import('./app-server.js');
  readonly 'command-line': typeof import('./command-line.js');
  readonly people: typeof import('./people.js');
  readonly redeem: typeof import('./redeem.js');
}

/** @param cacheFolder of compiled code; nothing is cached without it */
export function loadPart<Name extends keyof Parts>(
  name: Name,
  cacheFolder?: string,
): Omit<LoadedScript, 'exports'> & { readonly exports: Parts[Name] } {
  const loaded = loadScript(join(import.meta.dirname, `${name}.cjs`), cacheFolder);
  return loaded as typeof loaded & { readonly exports: Parts[Name] };
}
