/** The snapshot of an empty body. */
export const bareSnapshot = {
  limitId: 'codex',
  limitName: null,
  normalModelSlug: null,
  primary: null,
  secondary: null,
  credits: null,
  individualLimit: null,
  spendControlReached: null,
  planType: 'unknown',
  rateLimitReachedType: null,
};

/** Returns the response to `account/rateLimits/read` for an empty body, with the members that differ. */
export function bareAnswer(members: object = {}): object {
  return {
    result: {
      rateLimits: bareSnapshot,
      rateLimitsByLimitId: { codex: bareSnapshot },
      rateLimitResetCredits: null,
      accountId: null,
      ordinaryUsageAllowed: null,
      rateLimitUpsell: null,
      ...members,
    },
  };
}

/** Returns the same response with members of the `codex` snapshot that differ. */
export function answerWithCodex(snapshot: object, members: object = {}): object {
  const codex = { ...bareSnapshot, ...snapshot };
  return bareAnswer({ rateLimits: codex, rateLimitsByLimitId: { codex }, ...members });
}
