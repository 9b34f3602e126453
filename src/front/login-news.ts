/**
 * Decides who tells the client about its login: our server until the upstream program gets a login or a logout, then that
 * program. So each change is told once.
 */
export interface LoginNews {
  isNews(method: string): boolean;
  /** Returns whether a notification of the program is passed on. */
  passes(method: string, text: string): boolean;
  /** Call when the program gets a login or a logout of the client. */
  handOver(): void;
  /** Whether the program tells the client. */
  isHandedOver(): boolean;
  /** Drops the news of a login that the program is only told of again. */
  dropNext(): void;
}

const news = ['account/updated', 'account/login/completed'];

export function createLoginNews(): LoginNews {
  let isHandedOver = false;
  const dropped = new Set<string>();
  return {
    isNews: (method) => news.includes(method),
    passes(method, text) {
      // At its start the program tells that it has looked up the workspace. That is no change.
      if (text.includes('"workspaceRoutingReady"')) return false;
      if (dropped.delete(method)) return false;
      return isHandedOver;
    },
    handOver() {
      isHandedOver = true;
    },
    isHandedOver: () => isHandedOver,
    dropNext() {
      for (const method of news) dropped.add(method);
    },
  };
}
