import { type FrontFixture, linesOf } from './front-fixture.js';

export const apiKeyLogin = { type: 'apiKey', apiKey: 'sk-canary-1' };

/** The notification that the stand-in sends after a login. */
export const standInCompleted = {
  method: 'account/login/completed',
  params: { loginId: null, success: true, error: null },
};

/** The notifications about the login so far. */
export function newsOf({ server }: FrontFixture): unknown[] {
  return linesOf(server).filter(({ method }) => String(method).startsWith('account/'));
}

export async function startUpstream({ server }: FrontFixture): Promise<void> {
  server.send({ id: 'start', method: 'a/b' });
  await server.answer('start');
}

export interface DeviceLogin {
  readonly loginId: string;
  /** Allows the login on its page, as a user does. */
  allow(): Promise<void>;
}

/** Starts a device login under this id of a request. */
export async function startDeviceLogin({ server }: FrontFixture, id: number): Promise<DeviceLogin> {
  server.send({ id, method: 'account/login/start', params: { type: 'chatgptDeviceCode' } });
  const {
    loginId = '',
    verificationUrl = '',
    userCode = '',
  } = (await server.answer(id)).result as Record<string, string>;
  return {
    loginId,
    async allow() {
      const body = new URLSearchParams({ user_code: userCode, decision: 'allow' });
      await fetch(verificationUrl, { method: 'POST', body });
    },
  };
}
