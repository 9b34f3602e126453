import type { Session } from '../auth/create-auth.js';
import { accountUpdatedFromLogin } from '../domain/account.js';
import type { Notify } from '../protocol/schema/notifications.js';

/** What a client is told of logins that it has asked for: each call puts it behind the answer. */
export interface LoginNotifications {
  /** `account/login/completed`, then `account/updated`. Resolves before they are sent. */
  notifySignedIn(loginId: string | null, answered: Promise<void>): Promise<void>;
  /** `account/updated` alone. As above. */
  notifySignedOut(answered: Promise<void>): Promise<void>;
  notifyFailed(loginId: string, error: string): void;
}

export function createLoginNotifications({
  session,
  notify,
}: {
  session: Session;
  notify: Notify;
}): LoginNotifications {
  /** Who is signed in is looked up first, so that nothing comes between the answer and the news. */
  async function tell(answered: Promise<void>, before: () => void): Promise<void> {
    const updated = accountUpdatedFromLogin(await session.login());
    void answered.then(() => {
      before();
      notify('account/updated', updated);
    });
  }

  return {
    notifySignedIn: (loginId, answered) =>
      tell(answered, () => {
        notify('account/login/completed', {
          loginId,
          success: true,
          error: null,
          onboardingEntrypoint: null,
        });
      }),
    notifySignedOut: (answered) => tell(answered, () => undefined),
    notifyFailed(loginId, error) {
      notify('account/login/completed', { loginId, success: false, error, onboardingEntrypoint: null });
    },
  };
}
