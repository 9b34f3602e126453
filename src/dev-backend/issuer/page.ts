import { escapeHtml } from '../../util/text/html.js';
import type { Reply } from '../http/exchange.js';

/** Forbids scripts and requests. It does not set `form-action`, which would block the redirect after the form. */
const contentPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

const style = `
  :root { color-scheme: light dark; }
  body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 34rem; padding: 3rem 1.5rem; }
  h1 { font-size: 1.6rem; line-height: 1.2; }
  dt { font-weight: 600; }
  dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
  label, input { display: block; }
  input { font: inherit; letter-spacing: .1em; margin: .25rem 0 1.5rem; padding: .5rem; width: 12rem; }
  button { border: 1px solid; border-radius: .4rem; cursor: pointer; font: inherit; margin-right: .75rem; padding: .5rem 1.5rem; }
  .allow { background: #0b6b3a; color: #fff; }
  .note { font-size: .9rem; }
  .problem { border-left: .3rem solid #c22; padding-left: .75rem; }`;

/** Returns an HTML page. `title` is text. `content` is HTML: callers escape every value from outside in it. */
export function pageReply(status: number, title: string, content: string): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
<p class="note">This is the embedded backend of codex-account-server, for development. No real account is touched.</p>
</main>
</body>
</html>
`,
  };
}

export const decisionButtons = `<button class="allow" name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>`;

export function problemNote(problem: string): string {
  return `<p class="problem" role="alert">${escapeHtml(problem)}</p>`;
}
