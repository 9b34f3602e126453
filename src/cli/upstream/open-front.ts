import type { UpstreamCommand } from '../../front/child.js';
import { createFront, type FrontOptions } from '../../front/front.js';
import { createVersionCache } from '../../front/version-cache.js';
import type { CreatePassOn } from '../../server/pass-on.js';
import type { Clock } from '../../util/clock.js';
import { withinMs } from '../../util/waiting.js';

export interface OpenFront {
  readonly createPassOn: CreatePassOn;
  /** The version of the program, if it is known from an earlier start. */
  readonly version: string | undefined;
  /** Resolves when the version is stored, if that is in progress. */
  readonly close: () => Promise<void>;
}

/** How long the end of the process waits for the version of a program that it has not seen before. */
const versionWaitMs = 1_500;

/** Opens what passes methods that are not ours on to the real codex, and reads that program's version. */
export function openFront(options: FrontOptions & { readonly cacheFolder: string | undefined }): OpenFront {
  return { createPassOn: createFront(options), ...readVersion(options) };
}

/** Reads the stored version. If there is none, the program is asked for the next start: no client waits for it. */
function readVersion({
  command,
  cacheFolder,
  clock,
}: {
  command: UpstreamCommand;
  cacheFolder: string | undefined;
  clock: Clock;
}): Pick<OpenFront, 'version' | 'close'> {
  if (cacheFolder === undefined) return { version: undefined, close: () => Promise.resolve() };
  const cache = createVersionCache(command, cacheFolder);
  const version = cache.read();
  const ending = new AbortController();
  const filling = version === undefined ? cache.fill(ending.signal) : Promise.resolve();
  return {
    version: version || undefined,
    async close() {
      await withinMs(clock, versionWaitMs, filling);
      ending.abort();
      await filling;
    },
  };
}
