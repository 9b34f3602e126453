import { AppError } from '../util/errors.js';
import type { Clock } from '../util/clock.js';
import { watchFile } from '../util/files/watched-file.js';
import { pause } from '../util/waiting.js';
import { InvalidConfig, type LayerProblem } from './invalid-config.js';
import { type AdministratorFiles, type LayerSource, layerSources } from './layers/layers.js';
import { loginMethodProblem } from './login-methods.js';
import { type Layer, type LayerContent, readLayer } from './layers/read-layer.js';
import { resolveLayers, type Settings } from './settings.js';
import type { Table } from './layers/table.js';

export interface Config {
  /**
   * Returns the current settings of all layers.
   *
   * The files are checked at most once per turn of the event loop and read again if one has changed. Until then the
   * result is the same object.
   *
   * @throws InvalidConfig while a layer cannot be used
   */
  settings(): Promise<Settings>;
  /** The sources of settings from weakest to strongest, whether they exist or not. */
  readonly sources: readonly LayerSource[];
}

export interface ConfigOptions {
  readonly codexHome: string;
  /** The settings of the command line. */
  readonly overrides: Table;
  readonly administratorFiles: AdministratorFiles;
  readonly clock: Clock;
}

/** The content of each layer, and the settings that follow from it. */
interface Reading {
  contents: readonly SourceContent[];
  readonly settings: Promise<Settings>;
}

interface SourceContent {
  readonly source: LayerSource;
  readonly content: LayerContent;
}

export function createConfig({ codexHome, overrides, administratorFiles, clock }: ConfigOptions): Config {
  const commandLine = { table: overrides };
  const sources = layerSources(codexHome, administratorFiles);
  const layers = sources.map((source) => ({
    source,
    read: source.file === null ? (): LayerContent => commandLine : watchFile(source.file).read,
  }));
  const readAll = (): SourceContent[] => layers.map(({ source, read }) => ({ source, content: read() }));
  let latest: Reading | undefined;
  let isCheckedInThisTurn = false;

  function settings(): Promise<Settings> {
    if (latest && isCheckedInThisTurn) return latest.settings;
    isCheckedInThisTurn = true;
    setImmediate(() => {
      isCheckedInThisTurn = false;
    });
    const contents = readAll();
    if (!latest || isChanged(contents, latest.contents))
      latest = startReading(contents, latest?.contents ?? []);
    return latest.settings;
  }

  function startReading(contents: readonly SourceContent[], before: readonly SourceContent[]): Reading {
    const reading: Reading = { contents, settings: Promise.resolve().then(resolve) };
    return reading;

    async function resolve(): Promise<Settings> {
      for (let tries = 0; tries < settleTries && isBeingReplaced(reading.contents, before); tries += 1) {
        await pause(clock, settleMs);
        reading.contents = readAll();
      }
      return settingsFrom(reading.contents);
    }
  }

  return { settings, sources };
}

function isChanged(contents: readonly SourceContent[], before: readonly SourceContent[]): boolean {
  return contents.some(({ content }, index) => content !== before[index]?.content);
}

/** How often, and for how long, the server waits for a file that another program seems to be writing. */
const settleTries = 3;
const settleMs = 10;

/**
 * Reports whether a file has lost its content. Another program may have truncated or removed it only to write it again,
 * and until then its base URL would not count.
 */
function isBeingReplaced(contents: readonly SourceContent[], before: readonly SourceContent[]): boolean {
  return contents.some(({ content }, index) => {
    if (Buffer.isBuffer(content)) return content.length === 0;
    return (
      'errorCode' in content && content.errorCode === 'ENOENT' && Buffer.isBuffer(before[index]?.content)
    );
  });
}

/** @throws InvalidConfig */
async function settingsFrom(contents: readonly SourceContent[]): Promise<Settings> {
  const layers: Layer[] = [];
  let problem: LayerProblem | undefined;
  for (const { source, content } of contents) {
    try {
      const layer = await readLayer(source, content);
      if (layer) layers.push(layer);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problem = { source, error };
    }
  }
  const settings = resolveLayers(layers);
  problem ??= loginMethodProblem(settings);
  if (problem) throw new InvalidConfig(problem, settings);
  return settings;
}
