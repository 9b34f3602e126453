import { join } from 'node:path';
import { AppError } from '../util/errors.js';
import { explainedCode, type FileContent, watchFile } from '../util/files/watched-file.js';
import { type Settings, settingsFromToml } from './config-toml.js';

export interface Config {
  /**
   * Returns the current settings. Values of the command line take precedence over config.toml.
   *
   * The file is checked at most once per turn of the event loop and read again if it has changed. Until then the result
   * is the same object.
   *
   * @throws AppError `configInvalid` while config.toml cannot be read or is invalid
   */
  settings(): Promise<Settings>;
}

/** Creates the configuration from config.toml in `codexHome` and the `-c` settings of the command line. */
export function createConfig(options: { codexHome: string; overrides: Settings }): Config {
  const path = join(options.codexHome, 'config.toml');
  const file = watchFile(path);
  let cached: { content: FileContent; settings: Promise<Settings> } | undefined;
  let isCheckedInThisTurn = false;

  async function readSettings(content: FileContent): Promise<Settings> {
    return { ...(await settingsFromContent(content, path)), ...options.overrides };
  }

  function settings(): Promise<Settings> {
    if (cached && isCheckedInThisTurn) return cached.settings;
    isCheckedInThisTurn = true;
    setImmediate(() => {
      isCheckedInThisTurn = false;
    });
    const content = file.read();
    if (content !== cached?.content) cached = { content, settings: readSettings(content) };
    return cached.settings;
  }

  return { settings };
}

async function settingsFromContent(content: FileContent, path: string): Promise<Settings> {
  if (Buffer.isBuffer(content)) return settingsFromToml(content, path);
  if (content.errorCode === 'ENOENT') return {};
  throw new AppError(
    'configInvalid',
    `invalid configuration at ${path}: cannot be read (${explainedCode(content.errorCode)})`,
  );
}

/**
 * Reads the settings, or none if config.toml cannot be used. Use it for questions about the login, which a broken
 * config.toml does not hide (D14), and never before a request to the backend.
 */
export async function usableSettings(settings: () => Promise<Settings>): Promise<Settings> {
  return settings().catch(() => ({}));
}
