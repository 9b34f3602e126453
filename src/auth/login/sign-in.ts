import type { Settings } from '../../config/settings.js';
import { apiKeyDocument } from '../store/auth-document.js';
import type { LoginEnding } from './oauth-urls.js';
import { startBrowserLogin } from './browser-login.js';
import { type DeviceLoginAnswer, startDeviceLogin } from './device-login.js';
import type { GivenTokens, HostTokens } from '../tokens/client-tokens.js';
import type { LoginContext, WorkspaceLogin } from './flow.js';
import {
  requireAllowedAccount,
  requireAllowedLogin,
  workspaceProblem,
  workspaceRule,
} from '../login-rules.js';
import type { ActiveLogin, LoginCall } from './active-login.js';
import type { Logout } from '../logout.js';
import type { LoginWriter } from '../store/login-writer.js';
import { AppError } from '../../util/errors.js';
import { storeFailure } from '../store/store-failure.js';

/**
 * Changes who is signed in. Every call may throw AppError: `configInvalid` if the settings cannot be used, because then
 * it is unknown which logins are allowed and which store keeps them; or if such a login is not allowed. The calls that
 * take a signal throw its reason once it is aborted.
 */
export interface SignIn {
  /** Stores an API key in the place of the login. */
  signInWithApiKey(apiKey: string, signal: AbortSignal): Promise<void>;
  /** Uses tokens that the client owns, in the place of whatever is stored. */
  signInWithHostTokens(tokens: GivenTokens, signal: AbortSignal): Promise<void>;
  /** Starts a login that a browser completes. Its end is reported by `onLoginEnd`. */
  startBrowserLogin(
    params: BrowserLoginParams,
    call: LoginCall,
    workspace?: WorkspaceLogin,
  ): Promise<StartedLogin<{ authUrl: string }>>;
  /** Returns whether a login in the browser is in progress. */
  isBrowserLoginOpen(): boolean;
  /** @throws AppError `unsupported` if the settings do not allow this account */
  requireWorkspace(accountId: string): Promise<void>;
  /** Starts a login by a code that a person types into a browser. As `startBrowserLogin`. */
  startDeviceLogin(call: LoginCall): Promise<StartedLogin<DeviceLoginAnswer>>;
  /**
   * Cancels the login of this id. Resolves with false if it is not in progress, or was stored before. Its end is
   * reported after the answer to this call.
   */
  cancelLogin(loginId: string, call: LoginCall): Promise<boolean>;
  /** Cancels the login in progress. Resolves when it can no longer store anything. */
  giveUpLogin(signal: AbortSignal): Promise<void>;
  /** Removes the login here and at its issuer, and cancels one in progress. Resolves as `Logout`. */
  signOut: Logout;
}

/** How the client wants a browser login to end; what it leaves out is not wanted. */
interface BrowserLoginParams {
  readonly codexStreamlinedLogin?: boolean | undefined;
  readonly useHostedLoginSuccessPage?: boolean | undefined;
  readonly appBrand?: LoginEnding['appBrand'] | undefined;
}

type StartedLogin<Answer> = Answer & { readonly loginId: string };

export function createSignIn(options: {
  settings: () => Promise<Settings>;
  hostTokens: HostTokens;
  /** Returns whether tokens that another program owns are in force. */
  isHostActive: (settings: Settings) => Promise<boolean>;
  writer: LoginWriter;
  activeLogin: ActiveLogin;
  loginContext: (settings: Settings) => LoginContext;
  logout: Logout;
}): SignIn {
  const { settings, hostTokens, writer, activeLogin, loginContext, logout } = options;

  async function issuerContext(): Promise<LoginContext> {
    const current = await settings();
    requireAllowedLogin('issuer', current, await options.isHostActive(current));
    return loginContext(current);
  }

  return {
    async signInWithApiKey(apiKey, signal) {
      const current = await settings();
      requireAllowedLogin('apiKey', current, await options.isHostActive(current));
      await activeLogin.giveUp(signal);
      try {
        await writer.save(apiKeyDocument(apiKey), signal);
      } catch (error) {
        throw storeFailure('save', error);
      }
    },
    async signInWithHostTokens(tokens, signal) {
      const current = await settings();
      requireAllowedLogin('host', current);
      requireAllowedAccount(tokens.chatgptAccountId, current);
      await activeLogin.giveUp(signal);
      hostTokens.take(tokens);
    },
    isBrowserLoginOpen: () => activeLogin.isOpen('browser'),
    async requireWorkspace(accountId) {
      const problem = workspaceProblem(workspaceRule(await settings()), accountId);
      if (problem !== undefined) throw new AppError('unsupported', problem);
    },
    async startBrowserLogin(params, call, workspace) {
      const own = await issuerContext();
      const context = workspace ? { ...own, workspace, allowedWorkspaces: [workspace.accountId] } : own;
      return activeLogin.begin(
        { kind: 'browser', start: () => startBrowserLogin(context, endingOf(params)) },
        call,
      );
    },
    async startDeviceLogin(call) {
      const context = await issuerContext();
      return activeLogin.begin({ kind: 'device', start: () => startDeviceLogin(context) }, call);
    },
    cancelLogin: (loginId, call) => activeLogin.cancel(loginId, call),
    giveUpLogin: activeLogin.giveUp,
    async signOut(signal, options) {
      await settings();
      await activeLogin.giveUp(signal);
      return logout(signal, options);
    },
  };
}

function endingOf(params: BrowserLoginParams): LoginEnding {
  return {
    codexStreamlinedLogin: params.codexStreamlinedLogin ?? false,
    useHostedLoginSuccessPage: params.useHostedLoginSuccessPage ?? false,
    appBrand: params.appBrand ?? null,
  };
}
