/** The id of the limit that ordinary use counts against. Codex omits it in some messages. */
export const ordinaryLimitId = 'codex';

/** The limits in an answer to `account/rateLimits/read`. */
export interface LimitsOfRead<Limit> {
  /** The ordinary limit. */
  readonly rateLimits: Limit;
  /** Every limit, including the ordinary one. */
  readonly rateLimitsByLimitId: Readonly<Record<string, Limit>> | null;
}

/** Returns the id of a limit. */
export function limitIdOf({ limitId }: { readonly limitId?: string | null }): string {
  return limitId ?? ordinaryLimitId;
}

/** Lists every limit of a read once, the ordinary one first. */
export function listLimits<Limit extends { readonly limitId: string | null }>({
  rateLimits,
  rateLimitsByLimitId,
}: LimitsOfRead<Limit>): Limit[] {
  const others = Object.values(rateLimitsByLimitId ?? {}).filter(
    (limit) => limitIdOf(limit) !== limitIdOf(rateLimits),
  );
  return [rateLimits, ...others];
}
