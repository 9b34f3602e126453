import type { AccountUpdatedNotification } from '../protocol/schema/account.js';

/** The browser and device logins that our server has begun. The upstream program knows nothing of them. */
export interface OwnLogins {
  add(loginId: string): void;
  has(loginId: string | undefined): boolean;
  /**
   * Returns whether a notification of ours is sent. Follows the ends of the logins by it.
   *
   * @param isHandedOver whether the program notifies the client of its login
   */
  allows(method: string, params: object, isHandedOver: boolean): boolean;
}

/** @param onStored called when one of the logins is stored */
export function createOwnLogins(onStored: () => void): OwnLogins {
  const open = new Set<string>();
  /** Whether the next `account/updated` is that of such a login. */
  let isUpdateDue = false;

  return {
    add: (loginId) => void open.add(loginId),
    has: (loginId) => loginId !== undefined && open.has(loginId),
    allows(method, params, isHandedOver) {
      if (method === 'account/updated') {
        // The program's own notification with this reason is never passed on.
        if ((params as AccountUpdatedNotification).reason === 'workspaceRoutingReady') return true;
        const isOfOwnLogin = isUpdateDue;
        isUpdateDue = false;
        return isOfOwnLogin || !isHandedOver;
      }
      if (method !== 'account/login/completed') return true;
      const { loginId, success } = params as { loginId: string | null; success: boolean };
      const isOwn = loginId !== null && open.delete(loginId);
      isUpdateDue = isOwn && success;
      if (isUpdateDue) onStored();
      return isOwn || !isHandedOver;
    },
  };
}
