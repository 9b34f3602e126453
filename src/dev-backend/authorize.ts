import { escapeHtml } from '../util/html.js';
import { issueCode } from './authorization-codes.js';
import type { RecordedRequest, Reply } from './exchange.js';
import { devIdentity } from './identity.js';
import { decisionButtons, pageReply, problemNote } from './page.js';
import type { RequestFields } from './request-fields.js';
import { formFields, queryFields } from './request-fields.js';
import type { RequestContext } from './route.js';

/** What the page hands on with the decision, which is checked all over again. */
const handedOn = [
  'response_type',
  'client_id',
  'redirect_uri',
  'code_challenge',
  'code_challenge_method',
  'state',
] as const;

/** Asks the person. A wrong parameter is never sent to the redirect address, for that may be the wrong one. */
export function answerAuthorizePage(request: RecordedRequest): Reply {
  const fields = queryFields(request);
  const problem = wrongParameter(fields);
  return problem === undefined ? consentPage(fields) : wrongPage(problem);
}

/** The decision of the page; the answer sends the browser back to the client. */
export function answerAuthorizeDecision(request: RecordedRequest, { issuer, nowMs }: RequestContext): Reply {
  const fields = formFields(request);
  const problem = wrongParameter(fields);
  if (problem !== undefined) return wrongPage(problem);
  const redirectUri = fields.redirect_uri ?? '';
  const state = fields.state === undefined ? {} : { state: fields.state };
  if (fields.decision === 'deny') {
    const error = { error: 'access_denied', error_description: 'The login was denied', ...state };
    return redirect(redirectUri, error);
  }
  if (fields.decision !== 'allow') return wrongPage('decision has to be allow or deny');
  const holder = {
    clientId: fields.client_id ?? '',
    redirectUri,
    codeChallenge: fields.code_challenge ?? '',
  };
  return redirect(redirectUri, { code: issueCode(issuer.codes, holder, nowMs), ...state });
}

/** Says which parameter is wrong and why; undefined when none is. */
function wrongParameter(fields: RequestFields): string | undefined {
  if (fields.response_type !== 'code') return 'response_type has to be code';
  if (!fields.client_id) return 'client_id is missing';
  if (!isLoopback(fields.redirect_uri ?? '')) {
    return 'redirect_uri has to be http://127.0.0.1:PORT/… or http://localhost:PORT/…';
  }
  if (fields.code_challenge_method !== 'S256') return 'code_challenge_method has to be S256';
  if (!/^[\w-]{43}$/.test(fields.code_challenge ?? ''))
    return 'code_challenge has to be 43 characters of base64url';
  return undefined;
}

function isLoopback(redirectUri: string): boolean {
  return (
    /^http:\/\/(127\.0\.0\.1|localhost):\d{1,5}\/[^#\\]*$/.test(redirectUri) && URL.canParse(redirectUri)
  );
}

function consentPage(fields: RequestFields): Reply {
  const client = fields.originator || fields.client_id || '';
  const content = `<p><strong>${escapeHtml(client)}</strong> asks to sign in as you.</p>
<dl>
<dt>Account</dt><dd>${escapeHtml(devIdentity.email)}</dd>
<dt>Access</dt><dd>${escapeHtml(fields.scope || 'none named')}</dd>
<dt>You return to</dt><dd>${escapeHtml(fields.redirect_uri ?? '')}</dd>
</dl>
<form method="post" action="/oauth/authorize">
${handedOn.map((name) => hiddenInput(name, fields[name])).join('')}${decisionButtons}
</form>`;
  return pageReply(200, 'Sign in to Codex', content);
}

function hiddenInput(name: string, value: string | undefined): string {
  if (value === undefined) return '';
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">\n`;
}

function wrongPage(problem: string): Reply {
  return pageReply(400, 'This login cannot go on', problemNote(`${problem}.`));
}

function redirect(redirectUri: string, parameters: Record<string, string>): Reply {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return { status: 303, headers: { location: target.href, 'referrer-policy': 'no-referrer' } };
}
