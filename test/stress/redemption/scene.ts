import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { v4 as createUuid } from 'uuid';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { devIdentity, isSameIdentity, type UserOfAccount } from '../../../src/dev-backend/identity.js';
import { createAccessToken, createIdToken, readUser } from '../../../src/dev-backend/issuer/login-tokens.js';
import { type Script, startDevBackend } from '../../../src/dev-backend/server.js';
import { systemClock } from '../../../src/util/clock.js';
import { retryOnWindows, retryReplacing } from '../../../src/util/files/in-use.js';
import { chatgptLogin } from '../../support/auth-file.js';
import type { Lane } from './lane.js';

/** The users of a round. The second is of another account, the third another user of the first one's account. */
export const users = {
  owner: devIdentity,
  stranger: { ...devIdentity, accountId: 'account-other', userId: 'user-other', email: 'other@example.com' },
  colleague: { ...devIdentity, userId: 'user-colleague', email: 'colleague@example.com' },
} as const;

/** A backend, the login and the journals of one round. */
export interface Scene {
  /** Replies to requests to redeem, as a script of the backend does. */
  replyToConsume: (key: string, response: ServerResponse) => ReturnType<Script>;
  /** Called when a request to redeem was received, and again when it has been carried out and not answered yet. */
  readonly consumeListeners: Set<(at: 'received' | 'carriedOut') => void>;
  /** Replaces auth.json by the login of a user; by nothing with null. */
  signIn(user: UserOfAccount | null): void;
  /** Sets the clock of all processes to the time of the machine plus this. */
  moveClock(offsetMs: number): void;
  /** The lock files of redemptions that exist. */
  lockPaths(): string[];
  /** The attempts of all journals. @throws SyntaxError if a journal is broken */
  journal(): Redemption[];
  /** Lists the requests to redeem, each with its user and key. */
  consumes(): { readonly user: UserOfAccount | undefined; readonly key: string }[];
  /** Returns the user who read the limits last. */
  lastReader(): UserOfAccount | undefined;
  /** Counts the credits that were used by all users. */
  spent(): number;
  spentBy(user: UserOfAccount): number;
  /** Replies to reads of the usage, as a script of the backend does. */
  replyToUsage: (user: UserOfAccount | undefined) => ReturnType<Script>;
  close(): Promise<void>;
}

/** Moves the backend's clock before each request to redeem, so that a second key would use a second credit. */
const betweenConsumesMs = 120_000;

/** The delay of a response, during which the credit is already used. */
export const answerDelayMs = 20;

const farFutureMs = Date.parse('2100-01-01');

/** Starts a backend, signs the owner in, sets the clock to the time of the machine, and removes the journals. */
export async function createScene({ homes, clockPath }: Lane): Promise<Scene> {
  let aheadMs = 0;
  const backend = await startDevBackend({
    scenario: 'at-limit',
    users: [users.owner, users.stranger, users.colleague],
    clock: { ...systemClock, nowMs: () => Date.now() + aheadMs },
  });
  const authPath = join(homes[0], 'auth.json');
  // The server looks up the workspace of each token once.
  const tokenId = createUuid();
  const ownFiles = (name: string): string[] =>
    homes.map((home) => join(home, 'account-server', name)).filter((path) => existsSync(path));
  const requests = (end: string) => backend.requests.filter(({ url }) => url.endsWith(end));
  const scene: Scene = {
    replyToConsume: () => ({ delayMs: answerDelayMs }),
    consumeListeners: new Set(),
    signIn(user) {
      if (user) replaceFile(authPath, JSON.stringify(loginOf(user, tokenId)));
      else retryOnWindows(() => rmSync(authPath, { force: true }));
    },
    moveClock: (offsetMs) => writeFileSync(clockPath, String(offsetMs)),
    lockPaths: () => ownFiles('redemptions.lock'),
    journal: () =>
      ownFiles('redemptions.json').flatMap(
        (path) => (JSON.parse(readFileSync(path, 'utf8')) as { redemptions: Redemption[] }).redemptions,
      ),
    consumes: () =>
      requests('/consume').map(({ headers, body }) => ({ user: userOf(headers), key: keyOf(body) })),
    lastReader: () => userOf(requests('/usage').at(-1)?.headers ?? {}),
    spentBy: (user) => backend.ledgerOf(user).redeemedIds.size,
    replyToUsage: () => undefined,
    spent: () => Object.values(users).reduce((sum, user) => sum + backend.ledgerOf(user).redeemedIds.size, 0),
    close: () => backend.close(),
  };
  backend.script('consume', ({ body }, response) => {
    aheadMs += betweenConsumesMs;
    const notifyAll = (at: 'received' | 'carriedOut'): void => {
      for (const notify of scene.consumeListeners) notify(at);
    };
    notifyAll('received');
    setTimeout(() => notifyAll('carriedOut'), answerDelayMs / 2);
    return scene.replyToConsume(keyOf(body), response);
  });
  backend.script('usage', ({ headers }) => scene.replyToUsage(userOf(headers)));
  for (const home of homes) {
    rmSync(join(home, 'account-server'), { recursive: true, force: true });
    replaceFile(join(home, 'config.toml'), `chatgpt_base_url = ${JSON.stringify(backend.url)}\n`);
  }
  scene.moveClock(0);
  scene.signIn(users.owner);
  return scene;
}

/** Replaces a file by another one, as programs do that save safely. */
export function replaceFile(path: string, text: string): void {
  const newPath = join(dirname(path), 'new');
  writeFileSync(newPath, text, { mode: 0o600 });
  retryReplacing(() => {
    renameSync(newPath, path);
  });
}

function loginOf(user: UserOfAccount, tokenId: string): object {
  const identity = Object.values(users).find((each) => isSameIdentity(each, user)) ?? users.owner;
  return chatgptLogin({
    id_token: createIdToken(farFutureMs, identity),
    access_token: createAccessToken(tokenId, farFutureMs, identity),
    account_id: identity.accountId,
  });
}

function userOf({ authorization = '' }: { authorization?: string | undefined }): UserOfAccount | undefined {
  return readUser(authorization.replace(/^Bearer /, ''));
}

function keyOf(body: string): string {
  return (JSON.parse(body) as { redeem_request_id: string }).redeem_request_id;
}
