import { escapeHtml } from '../util/html.js';
import type { Reply } from './exchange.js';
import { devIdentity } from './identity.js';
import { decisionButtons, pageReply, problemNote } from './page.js';

/** Asks for the code and the decision at once. */
export function codePage(status: number, typedCode: string, problem?: string): Reply {
  const content = `${problem === undefined ? '' : problemNote(problem)}
<p>Type the code that the program shows to sign it in as ${escapeHtml(devIdentity.email)}.</p>
<form method="post" action="/codex/device">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="${escapeHtml(typedCode)}" autocomplete="off" autofocus required>
${decisionButtons}
</form>`;
  return pageReply(status, 'Sign in a device', content);
}

export function allowedPage(): Reply {
  return pageReply(
    200,
    'The device is signed in',
    '<p>You can close this page and go back to the program.</p>',
  );
}

export function deniedPage(): Reply {
  return pageReply(200, 'The login was denied', '<p>You can close this page. Nothing was signed in.</p>');
}
