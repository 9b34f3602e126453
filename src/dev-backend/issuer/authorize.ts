import { escapeHtml } from '../../util/text/html.js';
import { issueCode } from './authorization-codes.js';
import type { RecordedRequest, Reply } from '../http/exchange.js';
import { devIdentity } from '../identity.js';
import { decisionButtons, pageReply, problemNote } from './page.js';
import type { RequestFields } from '../http/request-fields.js';
import { formFields, queryFields } from '../http/request-fields.js';
import type { RequestContext } from '../http/route.js';

/** The parameters that the page sends again with the decision. They are validated again. */
const forwardedParameters = [
  'response_type',
  'client_id',
  'redirect_uri',
  'code_challenge',
  'code_challenge_method',
  'state',
] as const;

/** Returns the consent page. An invalid parameter is not reported to `redirect_uri`, which can be the invalid one. */
export function answerAuthorizePage(request: RecordedRequest): Reply {
  const fields = queryFields(request);
  const problem = parameterProblem(fields);
  return problem === undefined ? consentPage(fields) : problemPage(problem);
}

/** Handles the decision of the consent page. Redirects the browser back to the client. */
export function answerAuthorizeDecision(request: RecordedRequest, { issuer, nowMs }: RequestContext): Reply {
  const fields = formFields(request);
  const problem = parameterProblem(fields);
  if (problem !== undefined) return problemPage(problem);
  const redirectUri = fields.redirect_uri ?? '';
  const state = fields.state === undefined ? {} : { state: fields.state };
  if (fields.decision === 'deny') {
    const error = { error: 'access_denied', error_description: 'The login was denied', ...state };
    return redirect(redirectUri, error);
  }
  if (fields.decision !== 'allow') return problemPage('decision must be allow or deny');
  const binding = {
    clientId: fields.client_id ?? '',
    redirectUri,
    codeChallenge: fields.code_challenge ?? '',
  };
  return redirect(redirectUri, { code: issueCode(issuer.codes, binding, nowMs), ...state });
}

/** Describes the first invalid parameter. */
function parameterProblem(fields: RequestFields): string | undefined {
  if (fields.response_type !== 'code') return 'response_type must be code';
  if (!fields.client_id) return 'client_id is missing';
  if (!isLoopback(fields.redirect_uri ?? '')) {
    return 'redirect_uri must be http://127.0.0.1:PORT/… or http://localhost:PORT/…';
  }
  if (fields.code_challenge_method !== 'S256') return 'code_challenge_method must be S256';
  if (!/^[\w-]{43}$/.test(fields.code_challenge ?? ''))
    return 'code_challenge must be 43 characters of base64url';
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
${forwardedParameters.map((name) => hiddenInput(name, fields[name])).join('')}${decisionButtons}
</form>`;
  return pageReply(200, 'Sign in to Codex', content);
}

function hiddenInput(name: string, value: string | undefined): string {
  if (value === undefined) return '';
  return `<input type="hidden" name="${name}" value="${escapeHtml(value)}">\n`;
}

function problemPage(problem: string): Reply {
  return pageReply(400, 'This login cannot continue', problemNote(`${problem}.`));
}

function redirect(redirectUri: string, parameters: Record<string, string>): Reply {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return { status: 303, headers: { location: target.href, 'referrer-policy': 'no-referrer' } };
}
