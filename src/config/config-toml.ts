import { isUtf8 } from 'node:buffer';
import { AppError } from '../util/errors.js';
import {
  array,
  either,
  flag,
  object,
  oneOf,
  optional,
  type Read,
  record,
  text,
  tryRead,
} from '../util/reading.js';
import { textFromUtf8 } from '../util/utf8.js';
import { isTomlError, parseToml } from './toml.js';

/** The keys that this server reads. Other keys are ignored, whatever their values. */
const Settings = object({
  chatgpt_base_url: optional(text),
  cli_auth_credentials_store: optional(oneOf(['file', 'keyring', 'auto', 'ephemeral'])),
  forced_login_method: optional(oneOf(['chatgpt', 'api'])),
  forced_chatgpt_workspace_id: optional(either(text, array(text))),
  model_provider: optional(text),
  model_providers: optional(record(object({ requires_openai_auth: optional(flag) }))),
});
export type Settings = Partial<Read<typeof Settings>>;

/**
 * Reads the settings of a config.toml.
 * @throws AppError `configInvalid` with the file, and the line and column or the key
 */
export async function settingsFromToml(bytes: Buffer, path: string): Promise<Settings> {
  const refuse = (where: string, cause?: unknown): AppError =>
    new AppError('configInvalid', `invalid configuration at ${path}${where}`, { cause });
  if (!isUtf8(bytes)) throw refuse(': not UTF-8');
  let table: unknown;
  try {
    table = await parseToml(textFromUtf8(bytes));
  } catch (error) {
    if (!isTomlError(error)) throw error;
    throw refuse(`:${error.line}:${error.column}`, error);
  }
  const wrongKey = wrongSetting(table);
  if (wrongKey !== undefined) throw refuse(`: ${wrongKey}`);
  return Settings(table);
}

/** Returns the first key that has a value of the wrong type. */
export function wrongSetting(table: unknown): string | undefined {
  const read = tryRead(Settings, table);
  return read.isRead ? undefined : read.path;
}
