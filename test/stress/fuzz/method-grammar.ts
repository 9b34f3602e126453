import type { Method } from '../../../src/protocol/methods.js';
import { below, jsonText, objectText, pick, type Random, stringText } from './json-text.js';

type Members = (random: Random) => Readonly<Record<string, string>>;
type Grammar = Readonly<Record<string, Members>>;

/**
 * Well-formed params of each method, as JSON by member. A login in the browser is omitted, because concurrent tests use
 * its ports.
 */
const wellFormed: Grammar &
  Readonly<Record<Exclude<Method, 'account/logout' | 'account/login/start'>, Members>> = {
  initialize: () => ({
    clientInfo: '{"name":"fuzz","version":"1"}',
    capabilities: '{"experimentalApi":true,"optOutNotificationMethods":[]}',
  }),
  'account/read': (random) => ({ refreshToken: String(random() < 0.001) }),
  getAuthStatus: (random) => ({ includeToken: pick(random, ['true', 'null']), refreshToken: 'false' }),
  'account/rateLimits/read': (random) => ({
    excludeResetCreditDetails: pick(random, ['true', 'false']),
    supportsLunaReserve: pick(random, ['true', 'false']),
  }),
  'account/rateLimits/watch': (random) => ({
    intervalSecs: pick(random, ['null', '60', '0', '-1']),
    progress: pick(random, ['true', 'false']),
  }),
  'account/rateLimits/unwatch': () => ({}),
  'account/rateLimitResetCredit/consume': (random) => ({
    idempotencyKey: `"key-${below(random, 30)}"`,
    creditId: pick(random, ['null', '"credit-1"', '""']),
  }),
  'account/usage/read': (random) => ({
    threadId: pick(random, ['null', '"0198c5a2-7b1e-7c31-a1f0-5d2f3c4b5a69"', '"thread"']),
  }),
  'account/workspaceMessages/read': () => ({}),
  'account/sendAddCreditsNudgeEmail': (random) => ({
    creditType: pick(random, ['"credits"', '"usage_limit"', '"usageLimit"']),
  }),
  'account/login/cancel': (random) => ({
    loginId: pick(random, ['"0198c5a2-7b1e-7c31-a1f0-5d2f3c4b5a69"', '"login"']),
  }),
  'accountSession/list': (random) => ({ refreshWorkspaceMetadata: pick(random, ['true', 'false']) }),
  'accountSession/switch': (random) => ({
    sessionId: pick(random, ['"user"', '""']),
    accountId: pick(random, ['"account"', '""']),
  }),
  'config/read': (random) => ({
    includeLayers: pick(random, ['true', 'false']),
    cwd: pick(random, ['null', '"/"']),
  }),
  '$/cancelRequest': (random) => ({ id: String(below(random, 1_000_000)) }),
  initialized: () => ({}),
};

/** Methods that change the stored login. They are rare, because most reads would fail without a login. */
const rare: Grammar = {
  'account/logout': () => ({}),
  'account/login/start': (random) =>
    pick(random, [
      { type: '"apiKey"', apiKey: '"sk-fuzz"' },
      { type: '"chatgptDeviceCode"' },
      { type: '"chatgptAuthTokens"', accessToken: '"junk"', chatgptAccountId: '"account-1"' },
      { type: '"amazonBedrock"', apiKey: '"key"', region: '"us"' },
      { type: '"gold"' },
    ]),
};

const often = Object.keys(wellFormed);
const seldom = Object.keys(rare);

/** Returns the name of any method as JSON. */
export function methodText(random: Random): string {
  const roll = random();
  if (roll < 0.85) return JSON.stringify(pick(random, often));
  if (roll < 0.865) return JSON.stringify(pick(random, seldom));
  if (roll < 0.9) return JSON.stringify(pick(random, often)).replaceAll('/', '\\/');
  return random() < 0.5 ? stringText(random) : jsonText(random);
}

/** Creates params that mostly fit the method, or have one wrong member. */
export function paramsText(random: Random, method: string): string {
  const name = knownMethod(method);
  const members = Object.entries((wellFormed[name] ?? rare[name])?.(random) ?? {});
  const roll = random();
  // A number selects a kind of login, too. The browser login must not come up by chance.
  if (roll < 0.1) return name in rare ? '7' : jsonText(random);
  const spoiledMember = roll < 0.4 ? below(random, members.length + 1) : -1;
  const written = members.flatMap(([key, value], index) => {
    if (index !== spoiledMember || key === 'type') return [[JSON.stringify(key), value] as const];
    return random() < 0.3 ? [] : [[JSON.stringify(key), jsonText(random)] as const];
  });
  if (spoiledMember === members.length) written.push([stringText(random), jsonText(random)]);
  if (roll > 0.97 && !(name in rare)) return `[${written.map(([, value]) => value).join(',')}]`;
  return objectText(random, written);
}

function knownMethod(method: string): string {
  try {
    return String(JSON.parse(method));
  } catch {
    return '';
  }
}
