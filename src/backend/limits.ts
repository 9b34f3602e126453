/** How long the backend may take, in milliseconds. Each limit covers the whole exchange, the body too. */
export interface BackendTimeLimits {
  readonly usageMs: number;
  /** How long the reset-credit details may take once the usage has arrived. */
  readonly detailsAfterUsageMs: number;
  readonly consumeMs: number;
  readonly profileMs: number;
  readonly threadUsageMs: number;
  readonly workspaceMessagesMs: number;
  readonly creditsNudgeMs: number;
  readonly accountsCheckMs: number;
  readonly tokenRefreshMs: number;
  readonly whoamiMs: number;
  readonly codeExchangeMs: number;
  /** Each request of a device login. */
  readonly deviceCodeMs: number;
  readonly revokeMs: number;
}

export const defaultTimeLimits: BackendTimeLimits = {
  usageMs: 15_000,
  detailsAfterUsageMs: 1_500,
  consumeMs: 10_000,
  profileMs: 10_000,
  threadUsageMs: 60_000,
  workspaceMessagesMs: 1_000,
  creditsNudgeMs: 10_000,
  accountsCheckMs: 15_000,
  tokenRefreshMs: 45_000,
  whoamiMs: 10_000,
  codeExchangeMs: 30_000,
  deviceCodeMs: 20_000,
  revokeMs: 10_000,
};

/** A larger reply is refused. */
export const maxReplyBytes = 8 * 1024 * 1024;

/** How much of a body an error message shows. */
export const maxEchoedBytes = 64 * 1024;
