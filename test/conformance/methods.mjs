// The names that the cases send.
export const readAccount = 'account/read';
export const readLimits = 'account/rateLimits/read';
export const consume = 'account/rateLimitResetCredit/consume';
