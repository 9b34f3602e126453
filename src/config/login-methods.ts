import { AppError } from '../util/errors.js';
import type { LayerProblem } from './invalid-config.js';
import type { Settings } from './settings.js';

/** How an account is signed in: with ChatGPT, or with an API key. */
export type LoginMethod = 'chatgpt' | 'api';

/** Returns the key that does not allow this method; undefined if it is allowed. */
export function keyAgainstMethod(
  method: LoginMethod,
  { values }: Settings,
): 'allowed_login_methods' | 'forced_login_method' | undefined {
  const { allowed_login_methods: allowed = [method], forced_login_method: forced = method } = values;
  if (!allowed.includes(method)) return 'allowed_login_methods';
  return forced === method ? undefined : 'forced_login_method';
}

/** Returns the problem of requirements that allow no login at all. */
export function loginMethodProblem(settings: Settings): LayerProblem | undefined {
  const source = settings.origins.get('allowed_login_methods');
  const methods = ['chatgpt', 'api'] as const;
  if (!source || methods.some((method) => keyAgainstMethod(method, settings) === undefined)) return undefined;
  const message = `invalid configuration at ${source.file}: authentication requirements do not permit any usable login method`;
  return { source, error: new AppError('configInvalid', message) };
}
