import { join } from 'node:path';
import { AppError } from '../util/errors.js';
import { type FileContent, watchFile } from '../util/watched-file.js';
import { type Settings, settingsFromToml } from './config-toml.js';

export interface Config {
  /**
   * The settings now: config.toml is looked at once in each turn of the event loop, and read again when it has changed;
   * the command line beats it. The same object for as long as it has not.
   * @throws AppError `configInvalid` while config.toml cannot be read
   */
  settings(): Promise<Settings>;
}

/** config.toml in `codexHome`, with `overrides` on top. */
export function createConfig(options: { codexHome: string; overrides: Settings }): Config {
  const path = join(options.codexHome, 'config.toml');
  const file = watchFile(path);
  let known: { content: FileContent; settings: Promise<Settings> } | undefined;
  let isJustLookedAt = false;

  async function readSettings(content: FileContent): Promise<Settings> {
    return { ...(await settingsFromContent(content, path)), ...options.overrides };
  }

  function settings(): Promise<Settings> {
    if (known && isJustLookedAt) return known.settings;
    isJustLookedAt = true;
    setImmediate(() => {
      isJustLookedAt = false;
    });
    const content = file.read();
    if (content !== known?.content) known = { content, settings: readSettings(content) };
    return known.settings;
  }

  return { settings };
}

async function settingsFromContent(content: FileContent, path: string): Promise<Settings> {
  if (Buffer.isBuffer(content)) return settingsFromToml(content, path);
  if (content.errorCode === 'ENOENT') return {};
  throw new AppError(
    'configInvalid',
    `invalid configuration at ${path}: cannot be read (${content.errorCode})`,
  );
}
