/**
 * Decides who notifies the client of changes of its login: our server until the upstream program gets a login or a logout,
 * then that program. So the client gets each change once.
 */
export interface LoginFilter {
  /** Returns whether notifications of this method are about the login. */
  concerns(method: string): boolean;
  /** Returns whether a notification of the program is passed on. */
  passes(method: string, text: string): boolean;
  /** Call when the program gets a login or a logout of the client. */
  handOver(): void;
  /** Whether the program notifies the client. */
  isHandedOver(): boolean;
  /** Drops the notifications of a login that the program gets again at its start. */
  dropNext(): void;
  /** Call if it has refused that login. */
  dropNone(): void;
}

const methods = ['account/updated', 'account/login/completed'];

export function createLoginFilter(): LoginFilter {
  let isHandedOver = false;
  const dropped = new Set<string>();
  return {
    concerns: (method) => methods.includes(method),
    passes(method, text) {
      // The program has looked up the workspace at its start. That is not a change.
      if (text.includes('"workspaceRoutingReady"')) return false;
      if (dropped.delete(method)) return false;
      return isHandedOver;
    },
    handOver() {
      isHandedOver = true;
    },
    isHandedOver: () => isHandedOver,
    dropNone: () => dropped.clear(),
    dropNext() {
      for (const method of methods) dropped.add(method);
    },
  };
}
