// The method names of the cases.
export const readAccount = 'account/read';
export const readLimits = 'account/rateLimits/read';
export const consume = 'account/rateLimitResetCredit/consume';
