import { consume, readLimits } from '../methods.mjs';

const html = { 'content-type': 'text/html; charset=UTF-8' };
const page = '<!DOCTYPE html><html><title>Sign in</title></html>';
const refusal = (status, code) => ({ status, body: { detail: { code } } });
const challenge = {
  status: 403,
  headers: { ...html, 'cf-mitigated': 'challenge', 'cf-ray': '9f0c1d2e3f4a5b6c-FRA' },
  body: page,
};
const webPage = { headers: html, body: page };

/** Asks once for each reply of a resource, and returns the answers. */
async function askEach(server, backend, { resource, method, params }, replies) {
  const seen = {};
  for (const [name, reply] of Object.entries(replies)) {
    backend.replies[resource] = reply;
    const { error, ...result } = await server.ask(method, params);
    seen[name] = error ?? result;
  }
  return seen;
}

const usage = { resource: 'usage', method: readLimits, params: { excludeResetCreditDetails: true } };

export default [
  {
    name: 'a reply about the workspace, the country, Cloudflare or the network has a reason',
    promise: 'Reasons: `reason` says more than the kind and the status.',
    departure: 'D21',
    run: async ({ open, backend }) =>
      askEach(await open(), backend, usage, {
        deactivated: refusal(402, 'deactivated_workspace'),
        otherWorkspace: refusal(403, 'invalid_workspace_selected'),
        country: { status: 403, body: { error: { code: 'unsupported_country_region_territory' } } },
        challenge,
        webPage,
        signIn: { status: 511, headers: html, body: page },
        other: refusal(403, 'other'),
        pageAsError: { ...webPage, status: 403 },
      }),
  },
  {
    name: 'the report of an error with status 200 is an error',
    promise: 'Replies that are not answers: is `badReply` even with status 200',
    departure: 'D28',
    run: async ({ open, backend }) => {
      const reports = {
        error: { body: { error: { message: 'no' } } },
        detail: { body: { detail: 'no' } },
        message: { body: { message: 'no' } },
      };
      const server = await open();
      const messages = { resource: 'workspace-messages', method: 'account/workspaceMessages/read' };
      return {
        usage: await askEach(server, backend, usage, {
          ...reports,
          withLimit: {
            body: { plan_type: 'pro', error: 'x', credits: null, spend_control: { reached: false } },
          },
        }),
        messages: await askEach(server, backend, messages, reports),
      };
    },
  },
  {
    name: 'a challenge or a web page never counts as an answer',
    promise: 'Replies that are not answers: A nudge is not `sent` if the reply is a web page.',
    departure: 'D28',
    run: async ({ open, backend }) => {
      const server = await open();
      const replies = { challenge, webPage };
      return {
        nudge: await askEach(
          server,
          backend,
          {
            resource: 'accounts/send_add_credits_nudge_email',
            method: 'account/sendAddCreditsNudgeEmail',
            params: { creditType: 'credits' },
          },
          { ...replies, tooOften: { ...challenge, status: 429 } },
        ),
        thread: await askEach(
          server,
          backend,
          {
            resource: 'usage/thread_usage/query',
            method: 'account/usage/read',
            params: { threadId: '6f1c2f8e-0d6b-4f0e-9f37-6f9f0a3a1c55' },
          },
          replies,
        ),
        consume: await askEach(
          server,
          backend,
          {
            resource: 'rate-limit-reset-credits/consume',
            method: consume,
            params: { idempotencyKey: 'key' },
          },
          replies,
        ),
      };
    },
  },
];
