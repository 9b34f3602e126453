import { escapeHtml } from '../../util/text/html.js';
import { issueCode } from './authorization-codes.js';
import { beginDeviceLogin, createVerifier, findPendingLogin } from './device-logins.js';
import type { RecordedRequest, Reply } from '../http/exchange.js';
import { devIdentity } from '../identity.js';
import { decisionButtons, pageReply, problemNote } from './page.js';
import { formFields, jsonFields, missingField } from '../http/request-fields.js';
import type { RequestContext } from '../http/route.js';

export function answerUserCode(request: RecordedRequest, { issuer, nowMs }: RequestContext): Reply {
  const fields = jsonFields(request) ?? {};
  const missing = missingField(fields, ['client_id']);
  if (missing) return deviceRefusal(400, 'invalid_request', `${missing} is missing`);
  const client = {
    clientId: fields.client_id ?? '',
    redirectUri: `http://${request.headers.host ?? ''}/deviceauth/callback`,
  };
  const login = beginDeviceLogin(issuer.deviceLogins, client, nowMs);
  return { body: { device_auth_id: login.deviceAuthId, user_code: login.userCode, interval: '1' } };
}

/** Answers a poll. 403 means: poll again. Later polls get the same grant; its code can be used only once. */
export function answerDeviceToken(request: RecordedRequest, { issuer, nowMs }: RequestContext): Reply {
  const fields = jsonFields(request) ?? {};
  const missing = missingField(fields, ['device_auth_id', 'user_code']);
  if (missing) return deviceRefusal(400, 'invalid_request', `${missing} is missing`);
  const login = issuer.deviceLogins.byId.get(fields.device_auth_id ?? '');
  if (login === undefined || login.userCode !== fields.user_code) {
    return deviceRefusal(400, 'invalid_grant', 'No login has this device_auth_id and user_code');
  }
  if (login.decision === 'denied') return deviceRefusal(400, 'access_denied', 'The login was denied');
  if (nowMs >= login.expiresAtMs) return deviceRefusal(400, 'expired_token', 'The user code has expired');
  if (login.decision === null) {
    return deviceRefusal(403, 'authorization_pending', 'The login has not been allowed or denied yet');
  }
  return { body: login.decision };
}

export function answerDevicePage(): Reply {
  return codePage(200, '');
}

export function answerDeviceDecision(request: RecordedRequest, { issuer, nowMs }: RequestContext): Reply {
  const { user_code: typedCode = '', decision } = formFields(request);
  const login = findPendingLogin(issuer.deviceLogins, typedCode, nowMs);
  if (typeof login === 'string') return codePage(400, typedCode, login);
  if (decision === 'deny') {
    login.decision = 'denied';
    return deniedPage();
  }
  if (decision !== 'allow') return codePage(400, typedCode, 'Choose Allow or Deny.');
  const verifier = createVerifier();
  const binding = {
    clientId: login.clientId,
    redirectUri: login.redirectUri,
    codeChallenge: verifier.code_challenge,
  };
  login.decision = { authorization_code: issueCode(issuer.codes, binding, nowMs), ...verifier };
  return allowedPage();
}

function deviceRefusal(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } };
}

/** Returns the page that asks for the code and the decision. */
function codePage(status: number, typedCode: string, problem?: string): Reply {
  const content = `${problem === undefined ? '' : problemNote(problem)}
<p>Enter the code that the program shows, to sign it in as ${escapeHtml(devIdentity.email)}.</p>
<form method="post" action="/codex/device">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="${escapeHtml(typedCode)}" autocomplete="off" autofocus required>
${decisionButtons}
</form>`;
  return pageReply(status, 'Sign in a device', content);
}

function allowedPage(): Reply {
  return pageReply(
    200,
    'The device is signed in',
    '<p>You can close this page and go back to the program.</p>',
  );
}

function deniedPage(): Reply {
  return pageReply(200, 'The login was denied', '<p>You can close this page. Nothing was signed in.</p>');
}
