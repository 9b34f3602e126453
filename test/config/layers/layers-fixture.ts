import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AccountFixture,
  type AccountFixtureOptions,
  withAccount,
} from '../../support/account-fixture.js';

/** The files of the layers. */
export const fileNames = {
  system: 'config.toml',
  managed: 'managed_config.toml',
  requirements: 'requirements.toml',
} as const;
export type LayerFile = keyof typeof fileNames | 'user';

export interface LayersFixture extends AccountFixture {
  /** Writes a layer, with `URL` replaced by that of the backend. Returns its path. */
  write(layer: LayerFile, text: string | Buffer): string;
  pathOf(layer: LayerFile): string;
  /** Returns the paths of all requests to the backend. */
  paths(): string[];
}

/** Runs `act` with a server whose config.toml is empty and whose administrator has no files. */
export function withLayers(
  options: AccountFixtureOptions,
  act: (fixture: LayersFixture) => Promise<void>,
): Promise<void> {
  return withAccount(options, (fixture) => {
    const { administratorPath, backend, configPath } = fixture;
    mkdirSync(administratorPath);
    const pathOf = (layer: LayerFile): string =>
      layer === 'user' ? configPath : join(administratorPath, fileNames[layer]);
    const write: LayersFixture['write'] = (layer, text) => {
      const path = pathOf(layer);
      writeFileSync(path, typeof text === 'string' ? text.replaceAll('URL', backend.url) : text);
      return path;
    };
    backend.script('usage', { body: {} });
    return act({ ...fixture, write, pathOf, paths: () => backend.requests.map(({ url }) => url) });
  });
}

export function invalid(message: string, data: object = {}): object {
  return { error: { code: -32603, message, data: { kind: 'configInvalid', ...data } } };
}
