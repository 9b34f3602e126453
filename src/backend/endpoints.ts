import { AppError } from '../util/errors.js';

/** The backend's resources, and their paths below either kind of base URL; backend.md 1 and 7. */
const paths = {
  usage: 'usage',
  resetCredits: 'rate-limit-reset-credits',
  consumeResetCredit: 'rate-limit-reset-credits/consume',
  profile: 'profiles/me',
  threadUsage: 'usage/thread_usage/query',
  workspaceMessages: 'workspace-messages',
  accountsCheck: 'accounts/check',
  creditsNudge: 'accounts/send_add_credits_nudge_email',
} as const;

export type Endpoint = keyof typeof paths;

/** The URL as text, as error messages show it: the base without its trailing slashes, and the path. */
function endpointUrl(base: string, endpoint: Endpoint): string {
  const prefix = base.includes('/backend-api') ? '/wham/' : '/api/codex/';
  return base.replace(/\/+$/, '') + prefix + paths[endpoint];
}

/** Where a request goes. */
export interface Target {
  /** The URL as error messages show it. */
  readonly text: string;
  /** @throws AppError as `parseHttpUrl` */
  readonly url: () => URL;
}

/** Looks up targets, and makes each of them once for as long as the base stays the same. */
export function createTargets(): (base: string, endpoint: Endpoint) => Target {
  const known = new Map<Endpoint, Target>();
  let knownBase: string | undefined;
  return (base, endpoint) => {
    if (base !== knownBase) known.clear();
    knownBase = base;
    const before = known.get(endpoint);
    if (before) return before;
    const target = createTarget(base, endpoint);
    known.set(endpoint, target);
    return target;
  };
}

function createTarget(base: string, endpoint: Endpoint): Target {
  const text = endpointUrl(base, endpoint);
  let url: URL | undefined;
  return { text, url: () => (url ??= parseHttpUrl(text)) };
}

/**
 * The URL parsed, without the user and password it may bear: they are not sent.
 * @throws AppError `configInvalid` for a text that is no URL, or none of http or https.
 */
export function parseHttpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new AppError('configInvalid', 'builder error');
  const url = new URL(text);
  url.username = '';
  url.password = '';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('configInvalid', `builder error for url (${url.href})`);
  }
  return url;
}
