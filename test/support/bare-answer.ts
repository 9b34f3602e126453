/** The snapshot of a body that says nothing. */
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

/** The answer to `account/rateLimits/read` for a body that says nothing, with the members that differ. */
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

/** The same where members of the `codex` snapshot differ. */
export function answerWithCodex(snapshot: object, members: object = {}): object {
  const codex = { ...bareSnapshot, ...snapshot };
  return bareAnswer({ rateLimits: codex, rateLimitsByLimitId: { codex }, ...members });
}
