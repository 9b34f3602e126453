import { escapeHtml } from '../../util/text/html.js';
import type { CallbackReply } from './callback-server.js';
import type { LoginFailure } from './complete-login.js';

/** Returns the page for a stored login. */
export function successPage(): CallbackReply {
  return pageReply({
    mark: 'good',
    title: 'You are signed in',
    content:
      '<p>Codex can use this account now. You can close this page and go back to what you were doing.</p>',
  });
}

/** Returns the page for a failed login. Its status is 200, as in the reference. */
export function failurePage({ message, code, description }: LoginFailure): CallbackReply {
  const details = [
    ...(description && !message.includes(description) ? [['Reason', description]] : []),
    ...(code ? [['Code', code]] : []),
  ].map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  return pageReply({
    mark: 'bad',
    title: 'Sign-in could not be completed',
    content: `<p class="message" role="alert">${escapeHtml(message)}</p>
${details.length > 0 ? `<dl>${details.join('')}</dl>\n` : ''}<p>Nothing was changed. You can close this page, go back to Codex and sign in again.</p>`,
  });
}

/** Forbid scripts and further requests. The page's address contains a token, and no referrer is sent. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const style = `
  :root { color-scheme: light dark; --edge: #d9d9de; --card: #fff; --back: #f5f5f7; --text: #1d1d1f; --soft: #5c5c66; --good: #17803d; --bad: #c8321f; }
  @media (prefers-color-scheme: dark) {
    :root { --edge: #3a3a40; --card: #232327; --back: #161618; --text: #f2f2f4; --soft: #a9a9b2; --good: #3fb96b; --bad: #ff6b57; }
  }
  * { box-sizing: border-box; }
  body { align-items: center; background: var(--back); color: var(--text); display: flex; font: 1.05rem/1.55 system-ui, sans-serif;
    justify-content: center; margin: 0; min-height: 100vh; padding: 1.5rem; }
  main { background: var(--card); border: 1px solid var(--edge); border-radius: 1rem; max-width: 32rem; padding: 2.5rem; width: 100%; }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0 .75rem; }
  p { margin: 0 0 1rem; overflow-wrap: anywhere; }
  p:last-child { color: var(--soft); margin-bottom: 0; }
  dl { display: grid; gap: .25rem 1rem; grid-template-columns: auto 1fr; margin: 0 0 1rem; }
  dt { color: var(--soft); }
  dd { margin: 0; overflow-wrap: anywhere; }
  .mark { display: block; height: 2.75rem; width: 2.75rem; }
  .good { color: var(--good); }
  .bad { color: var(--bad); }
  .message { border-left: .25rem solid var(--bad); padding-left: .75rem; white-space: pre-wrap; }`;

const marks = {
  good: '<path d="M7 12.5l3.5 3.5L17 9"/>',
  bad: '<path d="M12 7v6.5M12 16.8v.2"/>',
};

/** @param content HTML; text from outside must be escaped */
function pageReply({
  mark,
  title,
  content,
}: {
  mark: keyof typeof marks;
  title: string;
  content: string;
}): CallbackReply {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${style}
</style>
</head>
<body>
<main>
<svg class="mark ${mark}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="12" cy="12" r="10.5"/>${marks[mark]}</svg>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  return { status: 200, headers, body };
}
