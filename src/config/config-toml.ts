import * as z from 'zod/mini';
import { AppError } from '../util/errors.js';
import { isTomlError, parseToml } from './toml.js';

/** The keys that this server reads. Others are ignored, whatever they hold. */
const Settings = z.object({
  chatgpt_base_url: z.optional(z.string()),
  cli_auth_credentials_store: z.optional(z.enum(['file', 'keyring', 'auto', 'ephemeral'])),
  forced_login_method: z.optional(z.enum(['chatgpt', 'api'])),
  forced_chatgpt_workspace_id: z.optional(z.union([z.string(), z.array(z.string())])),
  model_provider: z.optional(z.string()),
  model_providers: z.optional(
    z.record(z.string(), z.object({ requires_openai_auth: z.optional(z.boolean()) })),
  ),
});
export type Settings = z.infer<typeof Settings>;

/**
 * The settings in the text of a config.toml.
 * @throws AppError `configInvalid` naming the file, and the place or the key
 */
export async function settingsFromToml(bytes: Buffer, path: string): Promise<Settings> {
  const refuse = (where: string, cause?: unknown): AppError =>
    new AppError('configInvalid', `invalid configuration at ${path}${where}`, { cause });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse(': not UTF-8', cause);
  }
  let table: unknown;
  try {
    table = await parseToml(text);
  } catch (error) {
    if (!isTomlError(error)) throw error;
    throw refuse(`:${error.line}:${error.column}`, error);
  }
  const wrongKey = wrongSetting(table);
  if (wrongKey !== undefined) throw refuse(`: ${wrongKey}`);
  return Settings.parse(table);
}

/** The first key whose value has the wrong type. */
export function wrongSetting(table: unknown): string | undefined {
  const read = Settings.safeParse(table);
  return read.success ? undefined : read.error.issues[0]?.path.join('.');
}
