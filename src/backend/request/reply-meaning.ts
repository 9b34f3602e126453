import type { ReplyReason } from '../../util/errors.js';
import { firstHeader, type HttpReply, isSuccess } from '../http/reply.js';

/** The meaning of a reply that does not answer the request, if that is more than its status says. */
export interface ReplyMeaning {
  readonly reason?: ReplyReason;
  /** Cloudflare's id of a challenge. */
  readonly rayId?: string | undefined;
}

/** Finds the meaning of a reply that does not answer the request. */
export function meaningOf(reply: HttpReply): ReplyMeaning {
  if (isChallenge(reply)) {
    return { reason: 'cloudflareChallenge', rayId: firstHeader(reply.headers, 'cf-ray') };
  }
  if (isFromNetwork(reply)) return { reason: 'captivePortal' };
  const reason = reasonInBody(reply.text);
  return reason ? { reason } : {};
}

/** Returns whether the body is a page for browsers, whatever its status. */
export function isWebPage({ headers, text }: HttpReply): boolean {
  const isLabelled = /^\s*(text\/html|application\/xhtml)/i.test(firstHeader(headers, 'content-type') ?? '');
  return isLabelled ? /^\s*</.test(text) : /^\s*<(!doctype\s+html|html)\b/i.test(text);
}

/** Returns whether it is a challenge of Cloudflare: by its header, or, if a proxy dropped it, by the page's script. */
function isChallenge(reply: HttpReply): boolean {
  if (firstHeader(reply.headers, 'cf-mitigated')?.trim().toLowerCase() === 'challenge') return true;
  return isWebPage(reply) && /_cf_chl_opt|\/cdn-cgi\/challenge-platform\//.test(reply.text);
}

/**
 * Returns whether the network has answered in place of the backend, as one does until its user has signed in: with a
 * page as a success, with a redirect, or with the status for this purpose. The backend does none of this.
 */
function isFromNetwork(reply: HttpReply): boolean {
  const { status, headers } = reply;
  if (status === 511) return true;
  if (isSuccess(reply)) return isWebPage(reply);
  return status >= 300 && status <= 399 && Boolean(firstHeader(headers, 'location'));
}

const reasonsByCode = new Map<unknown, ReplyReason>([
  ['deactivated_workspace', 'deactivatedWorkspace'],
  ['invalid_workspace_selected', 'invalidWorkspaceSelected'],
  ['unsupported_country', 'unsupportedCountry'],
  ['unsupported_country_region_territory', 'unsupportedCountry'],
  ['Country, region, or territory not supported', 'unsupportedCountry'],
]);

/** The members under which the backend, its issuer and their gateways put the code of an error. */
const codeMembers = ['error', 'detail', 'code', 'error_code', 'type', 'message'] as const;

/** Finds the code of an error: `{"detail":{"code":…}}`, `{"error":{"code":…}}`, `{"detail":…}` and the like. */
function reasonInBody(text: string): ReplyReason | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return reasonIn(body, 3);
}

function reasonIn(value: unknown, depth: number): ReplyReason | undefined {
  if (typeof value !== 'object' || value === null) return reasonsByCode.get(value);
  if (depth === 0) return undefined;
  for (const member of codeMembers) {
    const reason = reasonIn((value as Readonly<Record<string, unknown>>)[member], depth - 1);
    if (reason) return reason;
  }
  return undefined;
}
