/** Parses a line and removes the time at which it was sent. */
export function lineWithoutTime(line: string): unknown {
  const { emittedAtMs: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
  return rest;
}

export function completed(loginId: string | null = null): object {
  return {
    method: 'account/login/completed',
    params: { loginId, success: true, error: null, onboardingEntrypoint: null },
  };
}

export function updated(authMode: string | null, planType: string | null = null): object {
  return { method: 'account/updated', params: { authMode, planType, reason: null } };
}
