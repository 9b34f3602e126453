/** A user of an account. */
export interface Identity {
  readonly email: string;
  readonly plan: string;
  readonly accountId: string;
  readonly userId: string;
}

/** The default account, in the login of the dev home and in the responses of the backend. */
export const devIdentity = {
  email: 'dev@example.com',
  plan: 'pro',
  accountId: 'account-dev',
  userId: 'user-dev',
} as const satisfies Identity;

/** Returns whether two identities are the same user of the same account. */
export function isSameIdentity(one: UserOfAccount, other: UserOfAccount): boolean {
  return one.accountId === other.accountId && one.userId === other.userId;
}

export type UserOfAccount = Pick<Identity, 'accountId' | 'userId'>;
