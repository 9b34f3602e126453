import type { Session } from '../auth/create-auth.js';
import { accountUpdatedFromLogin } from '../domain/account.js';
import type { Notify } from '../protocol/schema/notifications.js';

/** The notifications about logins and logouts of the client. They follow the response to the request. */
export interface LoginNotifications {
  /** Sends `account/login/completed`, then `account/updated`, after `answered`. Resolves before that. */
  notifySignedIn(loginId: string | null, answered: Promise<void>): Promise<void>;
  /** Sends `account/updated` after `answered`. Resolves before that. */
  notifySignedOut(answered: Promise<void>): Promise<void>;
  /** Sends `account/login/completed` with the error, at once. */
  notifyFailed(loginId: string, error: string): void;
}

export function createLoginNotifications({
  session,
  notify,
}: {
  session: Session;
  notify: Notify;
}): LoginNotifications {
  /** Reads the login first, so that no message comes between the response and the notifications. */
  async function notifyUpdated(answered: Promise<void>, before: () => void): Promise<void> {
    const updated = accountUpdatedFromLogin(await session.login());
    void answered.then(() => {
      before();
      notify('account/updated', updated);
    });
  }

  return {
    notifySignedIn: (loginId, answered) =>
      notifyUpdated(answered, () => {
        notify('account/login/completed', {
          loginId,
          success: true,
          error: null,
          onboardingEntrypoint: null,
        });
      }),
    notifySignedOut: (answered) => notifyUpdated(answered, () => undefined),
    notifyFailed(loginId, error) {
      notify('account/login/completed', { loginId, success: false, error, onboardingEntrypoint: null });
    },
  };
}
