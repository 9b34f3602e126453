const threadId = '0b2a6f1e-5f0c-4b0e-8d7e-2f3f0a3a1c55';
const thread = {
  thread_id: threadId,
  estimated_usage_credits_micros: 1_500_000,
  estimated_usage_usd_micros: 60_000,
  native_usage_usd_micros: null,
  groups: [{ model: 'gpt-5', estimated_usage_credits_micros: 1_500_000, total_tokens: 30_000 }],
};

const message = (members) => ({
  message_id: 'message-1',
  message_type: 'headline',
  message_body: 'Resets are here.',
  created_at: '2026-01-01T00:00:00Z',
  archived_at: null,
  ...members,
});

export default [
  {
    name: 'the token usage in total and by day',
    promise: 'account/usage/read',
    run: async ({ open, backend }) => {
      backend.replies['profiles/me'] = {
        body: {
          stats: {
            lifetime_tokens: 1_250_000,
            peak_daily_tokens: 90_000,
            longest_running_turn_sec: 840,
            current_streak_days: 3,
            longest_streak_days: 12,
            daily_usage_buckets: [{ start_date: '2026-01-01', tokens: 40_000 }],
          },
        },
      };
      const server = await open();
      const answer = await server.ask('account/usage/read');
      const same = await server.ask('account/usage/read', { threadId: null });
      backend.replies['profiles/me'] = { body: { stats: {} } };
      return { answer, same, empty: await server.ask('account/usage/read', {}), sent: backend.seen() };
    },
  },
  {
    name: 'the usage of one thread, with any spelling of its id',
    promise:
      'account/usage/read: With a `threadId` (a UUID in any spelling) the answer is about that thread.',
    run: async ({ open, backend }) => {
      backend.replies['usage/thread_usage/query'] = { body: { threads: [thread] } };
      const server = await open();
      const seen = {};
      for (const text of [threadId, threadId.toUpperCase().replaceAll('-', ''), `{${threadId}}`]) {
        seen[text] = await server.ask('account/usage/read', { threadId: text });
      }
      return { seen, sent: backend.requests.map(({ method, path, body }) => ({ method, path, body })) };
    },
  },
  {
    name: 'an unknown thread is null, and an invalid thread id is refused before anything is sent',
    promise: 'account/usage/read: `threadUsage` is null if the backend has nothing about the thread.',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies['usage/thread_usage/query'] = { status: 404, body: {} };
      const nothing = await server.ask('account/usage/read', { threadId });
      const before = backend.requests.length;
      const refused = await server.ask('account/usage/read', { threadId: 'x' });
      return { nothing, refused, sent: backend.requests.length - before };
    },
  },
  {
    name: 'the messages of the workspace keep their order, and an unknown type is `unknown`',
    promise: 'account/workspaceMessages/read: in the order of the backend',
    run: async ({ open, backend }) => {
      const others = [
        message({
          message_id: 'message-2',
          message_type: 'announcement',
          archived_at: '2026-01-02T00:00:00Z',
        }),
        message({ message_id: 'message-3', message_type: 'song', created_at: null }),
      ];
      backend.replies['workspace-messages'] = { body: { messages: [message(), ...others] } };
      const server = await open();
      const answer = await server.ask('account/workspaceMessages/read');
      backend.replies['workspace-messages'] = { status: 404, body: {} };
      const without = await server.ask('account/workspaceMessages/read', {});
      return { answer, without, sent: backend.seen() };
    },
  },
  {
    name: 'the nudge is sent to the owner of the workspace, except during its cooldown',
    promise:
      'account/sendAddCreditsNudgeEmail: The status is `cooldown_active` if an e-mail was sent a short time ago.',
    run: async ({ open, backend }) => {
      const nudge = 'accounts/send_add_credits_nudge_email';
      const server = await open();
      const seen = {};
      for (const [name, reply] of Object.entries({
        sent: { body: {} },
        tooSoon: { status: 429, body: {} },
      })) {
        backend.replies[nudge] = reply;
        seen[name] = await server.ask('account/sendAddCreditsNudgeEmail', { creditType: 'credits' });
      }
      backend.replies[nudge] = { body: '' };
      seen.limit = await server.ask('account/sendAddCreditsNudgeEmail', { creditType: 'usage_limit' });
      seen.wrong = await server.ask('account/sendAddCreditsNudgeEmail', { creditType: 'more' });
      return { seen, sent: backend.requests.map(({ method, path, body }) => ({ method, path, body })) };
    },
  },
];
