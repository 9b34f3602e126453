import type { Clock } from '../util/clock.js';
import type { OnRetry } from './connection/call.js';
import type {
  ChatgptAuthTokensRefreshParams,
  ChatgptAuthTokensRefreshResponse,
  ClientInfo,
  InitializeCapabilities,
} from './protocol.js';

/**
 * How a client is made.
 *
 * What a function of the caller throws, here and in the calls of the client, is an uncaught exception of the program, and
 * so is the rejection of a promise that it returns; neither changes what the client does. Only the answer of
 * `refreshTokens` is part of the protocol: if it fails, the server is told so.
 */
export interface ClientOptions {
  /** Who is asking: the server tells the backend. */
  readonly clientInfo: Omit<ClientInfo, 'title'> & { readonly title?: string | null };
  readonly capabilities?: Partial<InitializeCapabilities>;
  /** The server, `codex` for example; the one of this package unless given. */
  readonly command?: string;
  /** Its arguments: `app-server` unless given; behind those of our own server. */
  readonly args?: readonly string[];
  /** All of its variables; those of this process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where its stderr goes: nowhere unless given. */
  readonly stderr?: 'ignore' | 'inherit';
  /** Whether it is out of reach of the terminal's signals, Ctrl-C above all; false unless given. */
  readonly isDetached?: boolean;
  /** Time limit of a call, all its attempts included; 30 s unless given. */
  readonly timeoutMs?: number;
  /** How often a call that failed in passing is sent again, the same to the letter; 2 unless given, 0 for never. */
  readonly maxRetries?: number;
  /** The oldest Codex version to accept, 0.149.0 unless given; null accepts any. */
  readonly minimumVersion?: string | null;
  /** Gives new tokens where the client owns them (`account/login/start` of type `chatgptAuthTokens`). */
  readonly refreshTokens?: (
    params: ChatgptAuthTokensRefreshParams,
  ) => Promise<ChatgptAuthTokensRefreshResponse>;
  /** Called before a call is sent again. */
  readonly onRetry?: OnRetry;
  /** Called when the server has been started again. What it held in memory alone is gone, tokens of the client too. */
  readonly onRestart?: () => void;
  /** For tests: time and chance. */
  readonly clock?: Clock;
  readonly random?: () => number;
}
