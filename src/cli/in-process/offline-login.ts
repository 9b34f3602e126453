import { readOfflineLogin } from '../../auth/create-auth.js';
import { createConfig } from '../../config/config.js';
import type { Log } from '../../util/log.js';
import { administratorFiles, authEnvironment, codexHomeOf } from '../environment.js';
import type { OfflineIo } from '../io.js';

/**
 * Reads the stored login, if it is one with ChatGPT. Sends nothing.
 *
 * @throws CodexHomeError, AppError `configInvalid`
 */
export async function offlineLogin(
  { env, clock }: Pick<OfflineIo, 'env' | 'clock'>,
  log: Log,
): ReturnType<typeof readOfflineLogin> {
  const codexHome = codexHomeOf(env);
  const config = createConfig({ codexHome, overrides: {}, administratorFiles: administratorFiles(), clock });
  return readOfflineLogin({
    codexHome,
    settings: await config.settings(),
    accessToken: authEnvironment(env).accessToken,
    clock,
    random: Math.random,
    log,
  });
}
