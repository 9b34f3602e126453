import { join } from 'node:path';
import { loadScript } from './code-cache.js';

/** What is loaded only once it is needed: bundles of their own, beside the one that this module ends up in. */
interface Parts {
  readonly 'app-server': typeof import('./app-server.js');
  readonly people: typeof import('./people.js');
}

export function loadPart<Name extends keyof Parts>(name: Name): Parts[Name] {
  return loadScript(join(import.meta.dirname, `${name}.cjs`)) as Parts[Name];
}
