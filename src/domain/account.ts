import type { ChatgptLogin, Login } from '../auth/create-auth.js';
import type { Settings } from '../config/settings.js';
import { isAmazonBedrock, requiresOpenaiAuth } from '../config/provider.js';
import type {
  Account,
  AccountUpdatedNotification,
  AccountUpdateReason,
  AuthMode,
  GetAccountResponse,
  GetAuthStatusResponse,
} from '../protocol/schema/account.js';
import { AppError } from '../util/errors.js';
import { planTypeFromWire } from './plan.js';
import type { Workspace } from './workspace-routing.js';

/** The input of the responses about the account. */
export interface AccountState {
  readonly login: Login;
  /** Whether the issuer has refused the tokens permanently. Then the account is not shown. */
  readonly isRefused: boolean;
  readonly settings: Settings;
  /** Undefined if it is not known. It may belong to an account that was signed in before. */
  readonly workspace?: Workspace | undefined;
}

/**
 * Returns the account that is signed in (`src/auth/README.md`).
 * @throws AppError `authRequired` for a ChatGPT login without tokens, `authUnsupported` for Amazon Bedrock
 */
export function accountFromState(state: AccountState): GetAccountResponse {
  const { login, isRefused, settings } = state;
  if (!requiresOpenaiAuth(settings)) {
    const account = isAmazonBedrock(settings) ? bedrockAccount : null;
    return { account, requiresOpenaiAuth: false, userId: null, workspaceRouting: null };
  }
  const isChatgpt = login.kind === 'chatgpt' && !isRefused;
  const workspace = workspaceOf(state);
  return {
    account: isRefused ? null : accountOf(login, workspace),
    requiresOpenaiAuth: true,
    userId: isChatgpt ? (login.tokens?.claims.userId ?? null) : null,
    workspaceRouting: isChatgpt ? (workspace?.routing ?? null) : null,
  };
}

function workspaceOf({ login, workspace }: AccountState): Workspace | undefined {
  const isOfLogin =
    login.kind === 'chatgpt' && login.tokens?.accountId === workspace?.routing.chatgptAccountId;
  return isOfLogin ? workspace : undefined;
}

const bedrockAccount: Account = { type: 'amazonBedrock', usesCodexManagedCredentials: false };

function accountOf(login: Login, workspace: Workspace | undefined): Account | null {
  if (login.kind === 'apiKey') return { type: 'apiKey' };
  if (login.kind === 'bedrock') {
    throw new AppError(
      'authUnsupported',
      'Bedrock API key auth is only supported by the Amazon Bedrock model provider',
    );
  }
  if (login.kind !== 'chatgpt') return null;
  if (!login.tokens) {
    throw new AppError('authRequired', 'plan type is required for chatgpt authentication');
  }
  const { email, planType } = login.tokens.claims;
  const workspaceName = workspace?.name ?? null;
  return { type: 'chatgpt', email, planType: storedPlanType(planType), workspaceName };
}

/** Maps the plan of an id token, which has a name of its own for one plan. */
export function storedPlanType(text: string | null): ReturnType<typeof planTypeFromWire> {
  return text === 'hc' ? 'enterprise' : planTypeFromWire(text);
}

/** Returns how the account is signed in, with the token if asked for. A login without a usable token counts as none. */
export function authStatusFromState(state: AccountState, includeToken: boolean): GetAuthStatusResponse {
  if (!requiresOpenaiAuth(state.settings)) {
    return { authMethod: null, authToken: null, requiresOpenaiAuth: false };
  }
  const token = sendableToken(state.login);
  const isShown = includeToken && !state.isRefused && !isPersonalAccessToken(state.login);
  return {
    authMethod: token === undefined ? null : authModeOf(state.login),
    authToken: isShown ? (token ?? null) : null,
    requiresOpenaiAuth: true,
  };
}

function isPersonalAccessToken(login: Login): boolean {
  return login.kind === 'chatgpt' && login.source === 'personalAccessToken';
}

function sendableToken(login: Login): string | undefined {
  if (login.kind === 'apiKey') return login.apiKey || undefined;
  if (login.kind !== 'chatgpt') return undefined;
  const token = login.tokens?.accessToken;
  return isPersonalAccessToken(login) ? token : token || undefined;
}

/** Returns the notification for a changed login, or about one with another reason. */
export function accountUpdatedFromLogin(
  login: Login,
  reason: AccountUpdateReason | null = null,
): AccountUpdatedNotification {
  const isChatgpt = login.kind === 'chatgpt' && login.tokens !== null;
  return {
    authMode: authModeOf(login),
    planType: isChatgpt ? storedPlanType(login.tokens.claims.planType) : null,
    reason,
  };
}

const chatgptModes: Record<ChatgptLogin['source'], AuthMode> = {
  stored: 'chatgpt',
  personalAccessToken: 'personalAccessToken',
  host: 'chatgptAuthTokens',
};

function authModeOf(login: Login): AuthMode | null {
  if (login.kind === 'apiKey') return 'apikey';
  return login.kind === 'chatgpt' ? chatgptModes[login.source] : null;
}
