import { join } from 'node:path';

/** The name of a source of settings: that of codex, except `requirements`. */
export type LayerName = 'system' | 'user' | 'sessionFlags' | 'managed' | 'requirements';

export interface LayerSource {
  readonly layer: LayerName;
  /** Null for the command line. */
  readonly file: string | null;
}

/** The paths of the files of the administrator of the machine. A file without a path is not read. */
export interface AdministratorFiles {
  readonly config?: string;
  readonly managed?: string;
  readonly requirements?: string;
}

/** Returns the sources of settings from weakest to strongest. No other code knows their order. */
export function layerSources(codexHome: string, files: AdministratorFiles): readonly LayerSource[] {
  const sources = [
    { layer: 'system', file: files.config },
    { layer: 'user', file: join(codexHome, 'config.toml') },
    { layer: 'sessionFlags', file: null },
    { layer: 'managed', file: files.managed },
    { layer: 'requirements', file: files.requirements },
  ] as const;
  return sources.flatMap(({ layer, file }) => (file === undefined ? [] : [{ layer, file }]));
}

/** Reports whether the administrator of the machine, and not its user, is responsible for this source. */
export function isOfAdministrator({ layer }: LayerSource): boolean {
  return layer !== 'user' && layer !== 'sessionFlags';
}
