import type { Clock } from '../util/clock.js';
import type { OnRetry } from './connection/call.js';
import type {
  ChatgptAuthTokensRefreshParams,
  ChatgptAuthTokensRefreshResponse,
  ClientInfo,
  InitializeCapabilities,
} from './protocol.js';

/**
 * The options of a client.
 *
 * An error that a callback throws, or that its promise rejects with, is an uncaught exception of the program. It does
 * not change what the client does. This also holds for the callbacks of the client's methods. `refreshTokens` is the
 * exception: if it fails, the server receives an error.
 */
export interface ClientOptions {
  /** The name, version and title of the program, which the server puts into its user agent. */
  readonly clientInfo: Omit<ClientInfo, 'title'> & { readonly title?: string | null | undefined };
  readonly capabilities?: Partial<InitializeCapabilities> | undefined;
  /** The program to start, for example `codex`. The default is the server of this package. */
  readonly command?: string | undefined;
  /** Its arguments; the default is `app-server`. Without `command` they are added to those of this package's server. */
  readonly args?: readonly string[] | undefined;
  /**
   * The path of this package's `dist/main.cjs`, if a bundler has moved the library. On Windows, the locks of `redeem` are
   * searched beside it, also with `command`.
   */
  readonly serverPath?: string | undefined;
  /**
   * All environment variables of the server; the default is those of this process, as they are when it is started. In
   * Electron, this package's server also gets `ELECTRON_RUN_AS_NODE=1`.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The working directory of the server; the default is that of this process. */
  readonly cwd?: string | undefined;
  /** `inherit` passes the server's log to the program's stderr; the default is `ignore`. */
  readonly stderr?: 'ignore' | 'inherit' | undefined;
  /** Whether the server is kept from signals of the terminal, such as Ctrl-C; the default is false. */
  readonly detached?: boolean | undefined;
  /** The time limit of a call, including its retries; the default is 30 s. */
  readonly timeoutMs?: number | undefined;
  /** How often a call that failed for a passing reason is sent again, unchanged; the default is 2, 0 is never. */
  readonly maxRetries?: number | undefined;
  /** The oldest Codex version to accept; the default is 0.149.0, null accepts any. */
  readonly minimumVersion?: string | null | undefined;
  /** Returns new tokens if the program owns them (`account/login/start` of type `chatgptAuthTokens`). */
  readonly refreshTokens?:
    ((params: ChatgptAuthTokensRefreshParams) => Promise<ChatgptAuthTokensRefreshResponse>) | undefined;
  /** Called before a call is sent again. */
  readonly onRetry?: OnRetry | undefined;
  /**
   * Called with each warning of the server, for example about an unknown argument. The default is
   * `process.emitWarning`. With `stderr: 'inherit'` it is not called, because the warning is there.
   */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Called after the server was started again. Tokens that it had only in memory are lost. */
  readonly onRestart?: (() => void) | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
  /** For tests. Returns a number of at least 0, below 1. */
  readonly random?: (() => number) | undefined;
}
