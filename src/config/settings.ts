import type { Values } from './layers/keys.js';
import { isOfAdministrator, type LayerSource } from './layers/layers.js';
import type { Layer } from './layers/read-layer.js';
import { leafPaths, mergeTables, type Table } from './layers/table.js';

/** The settings of all layers together. */
export interface Settings {
  readonly values: Values;
  /** Which source each value comes from, by its dotted path. A list counts as one value. */
  readonly origins: ReadonlyMap<string, LayerSource>;
  /** The layers that say something, from weakest to strongest. */
  readonly layers: readonly Layer[];
}

/** Resolves the settings from layers, which are sorted from weakest to strongest. */
export function resolveLayers(layers: readonly Layer[]): Settings {
  let values: Table = {};
  const origins = new Map<string, LayerSource>();
  for (const { source, values: own } of layers) {
    // Requirements replace whole tables.
    if (source.layer === 'requirements') {
      values = { ...values, ...own };
      deleteBelow(origins, Object.keys(own));
    } else values = mergeTables(values, own);
    for (const path of leafPaths(own)) origins.set(path, source);
  }
  return { values, origins, layers };
}

function deleteBelow(origins: Map<string, LayerSource>, keys: readonly string[]): void {
  for (const path of origins.keys()) {
    if (keys.some((key) => path.startsWith(`${key}.`))) origins.delete(path);
  }
}

/** Returns a sentence, after a blank, that says which administrator's file sets this key; empty if none does. */
export function administratorNote({ origins }: Settings, key: keyof Values): string {
  const origin = origins.get(key);
  if (!origin || !isOfAdministrator(origin)) return '';
  return ` The administrator of this machine requires this in ${origin.file}.`;
}
