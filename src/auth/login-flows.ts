import { AppError } from '../util/errors.js';
import { startDeviceLogin } from './device-login.js';
import type { LoginContext, LoginFlow } from './login-flow.js';

/** How each login begins that waits for a person. */
export const loginFlows = {
  chatgpt: startBrowserLogin,
  chatgptDeviceCode: startDeviceLogin,
} as const;

export interface BrowserLoginParams {
  readonly codexStreamlinedLogin?: boolean | undefined;
  readonly useHostedLoginSuccessPage?: boolean | undefined;
  readonly appBrand?: 'codex' | 'chatgpt' | null | undefined;
}

// Until it is there.
function startBrowserLogin(
  _context: LoginContext,
  _params: BrowserLoginParams,
): Promise<LoginFlow<{ readonly authUrl: string }>> {
  throw new AppError('unsupported', 'account/login/start.chatgpt is not supported yet');
}
