import { AppError } from '../util/errors.js';
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

// Until the two logins are there.
function startBrowserLogin(
  _context: LoginContext,
  _params: BrowserLoginParams,
): Promise<LoginFlow<{ readonly authUrl: string }>> {
  throw new AppError('unsupported', 'account/login/start.chatgpt is not supported yet');
}

function startDeviceLogin(
  _context: LoginContext,
): Promise<LoginFlow<{ readonly verificationUrl: string; readonly userCode: string }>> {
  throw new AppError('unsupported', 'account/login/start.chatgptDeviceCode is not supported yet');
}
