/** The default account, in the login of the dev home and in the responses of the backend. */
export const devIdentity = {
  email: 'dev@example.com',
  plan: 'pro',
  accountId: 'account-dev',
  userId: 'user-dev',
} as const;
