/** Who is signed in by default: the stored login of the dev home and the backend's answers agree on it. */
export const devIdentity = {
  email: 'dev@example.com',
  plan: 'pro',
  accountId: 'account-dev',
  userId: 'user-dev',
} as const;
