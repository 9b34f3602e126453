import { createFront, type FrontOptions } from '../../front/front.js';
import type { UpstreamCommand } from '../../front/child.js';
import { createVersionCache } from '../../front/version-cache.js';
import type { CreatePassOn } from '../../server/pass-on.js';

export interface OpenFront {
  readonly createPassOn: CreatePassOn;
  /** The version of the program, if it is known from an earlier start. */
  readonly version: string | undefined;
}

/** Opens what passes methods that are not ours on to the real codex, and reads that program's version. */
export function openFront(options: FrontOptions & { readonly cacheFolder: string | undefined }): OpenFront {
  const { cacheFolder, command } = options;
  return { createPassOn: createFront(options), version: knownVersion(command, cacheFolder) };
}

/** Returns the stored version. If there is none, it is asked for and stored for the next start: no client waits for it. */
function knownVersion(command: UpstreamCommand, cacheFolder: string | undefined): string | undefined {
  if (cacheFolder === undefined) return undefined;
  const cache = createVersionCache(command, cacheFolder);
  const version = cache.read();
  if (version === undefined) void cache.fill();
  return version;
}
