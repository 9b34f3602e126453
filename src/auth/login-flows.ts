import { startBrowserLogin } from './browser-login.js';
import { startDeviceLogin } from './device-login.js';
import type { LoginContext } from './login-flow.js';

/** How each login begins that waits for a person. */
export const loginFlows = {
  chatgpt: (context: LoginContext, params: BrowserLoginParams) =>
    startBrowserLogin(context, {
      codexStreamlinedLogin: params.codexStreamlinedLogin ?? false,
      useHostedLoginSuccessPage: params.useHostedLoginSuccessPage ?? false,
      appBrand: params.appBrand ?? null,
    }),
  chatgptDeviceCode: startDeviceLogin,
} as const;

interface BrowserLoginParams {
  readonly codexStreamlinedLogin?: boolean | undefined;
  readonly useHostedLoginSuccessPage?: boolean | undefined;
  readonly appBrand?: 'codex' | 'chatgpt' | null | undefined;
}
