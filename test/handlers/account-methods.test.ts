import { describe, expect, test } from 'vitest';
import { withAccount } from '../support/account-fixture.js';

const threadId = '0199a213-81c0-7800-8aa1-bbab2a035a53';
const noSummary = {
  lifetimeTokens: null,
  peakDailyTokens: null,
  longestRunningTurnSec: null,
  currentStreakDays: null,
  longestStreakDays: null,
};

describe('account/usage/read', () => {
  test('the profile is mapped, and only an unreadable figure is null', () =>
    withAccount({}, async ({ backend, call }) => {
      const stats = {
        lifetime_tokens: '12',
        peak_daily_tokens: 2.5,
        longest_running_turn_sec: {},
        current_streak_days: null,
        daily_usage_buckets: [{ start_date: '2026-01-02', tokens: 6 }, { start_date: '2026-01-01' }],
      };
      backend.script('profile', { body: { stats } });
      expect(await call('account/usage/read')).toEqual({
        result: {
          summary: { ...noSummary, lifetimeTokens: 12, peakDailyTokens: 3 },
          dailyUsageBuckets: [{ startDate: '2026-01-02', tokens: 6 }],
          threadUsage: null,
        },
      });
    }));

  test.each([
    ['upper case', threadId.toUpperCase()],
    ['no hyphens', threadId.replaceAll('-', '')],
    ['braces', `{${threadId}}`],
    ['a urn', `urn:uuid:${threadId}`],
  ])('a thread id in %s is sent in lower case with hyphens', (_, spelling) =>
    withAccount({}, async ({ backend, call }) => {
      expect(await call('account/usage/read', { threadId: spelling })).toEqual({
        result: {
          summary: noSummary,
          dailyUsageBuckets: null,
          threadUsage: {
            threadId,
            estimatedUsageCreditsMicros: 1500000,
            estimatedUsageUsdMicros: 60000,
            nativeUsageUsdMicros: null,
            groups: [
              {
                model: 'gpt-5',
                reasoningEffort: null,
                speed: null,
                estimatedUsageCreditsMicros: 1500000,
                netNewInputTokens: null,
                cachedInputTokens: null,
                inputTokens: null,
                outputTokens: null,
                totalTokens: 30000,
              },
            ],
          },
        },
      });
      expect(backend.requests.map(({ body }) => body)).toEqual([`{"thread_ids":["${threadId}"]}`]);
    }),
  );

  test.each([
    ['', 'invalid length: expected length 32 for simple format, found 0'],
    ['abc', 'invalid length: expected length 32 for simple format, found 3'],
    ['{}', 'invalid group count: expected 5, found 1'],
    ['a-b', 'invalid group count: expected 5, found 2'],
    ['aaa-b-c-d-e', 'invalid group length in group 0: expected 8, found 3'],
    [`${threadId}0`, 'invalid group length in group 4: expected 12, found 13'],
    [
      'urn:uuid:x',
      'invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `x` at 10',
    ],
    [
      'aé',
      'invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `é` at 2',
    ],
  ])('the thread id %j is refused before a request is sent', (id, reason) =>
    withAccount({}, async ({ backend, call }) => {
      expect(await call('account/usage/read', { threadId: id })).toEqual({
        error: {
          code: -32600,
          message: `invalid thread id: ${reason}`,
          data: { kind: 'invalidRequest', member: 'threadId' },
        },
      });
      expect(backend.requests).toEqual([]);
    }),
  );

  test.each([
    ['another thread', [{ thread_id: 'other', estimated_usage_credits_micros: 1 }], 'unexpected'],
    ['no thread', [], 'omitted'],
    ['a row without its figure', [{ thread_id: threadId }], 'omitted'],
  ])('a reply about %s is an error', (_, threads, which) =>
    withAccount({}, async ({ backend, call }) => {
      backend.script('threadUsage', { body: { threads } });
      const message =
        which === 'unexpected'
          ? 'thread usage returned unexpected threads'
          : 'thread usage response omitted requested thread';
      expect(await call('account/usage/read', { threadId })).toEqual({
        error: {
          code: -32603,
          message: `failed to fetch thread usage: ${message}`,
          data: { kind: 'badReply' },
        },
      });
    }),
  );
});

describe('account/workspaceMessages/read', () => {
  test('messages keep their order, a bad row is dropped, and a bad time is null', () =>
    withAccount({}, async ({ backend, call }) => {
      const row = { message_id: 'b', message_type: 'future', message_body: '' };
      const messages = [
        { ...row, created_at: 'bad', archived_at: '2020-01-01T00:00:00.9+02:00' },
        { message_id: 'a' },
      ];
      backend.script('workspaceMessages', { body: { messages } });
      expect(await call('account/workspaceMessages/read')).toEqual({
        result: {
          featureEnabled: true,
          messages: [
            {
              messageId: 'b',
              messageType: 'unknown',
              messageBody: '',
              createdAt: null,
              archivedAt: 1577829600,
            },
          ],
        },
      });
    }));

  test('404 means that the workspace has no messages', () =>
    withAccount({}, async ({ backend, call }) => {
      backend.script('workspaceMessages', { status: 404 });
      expect(await call('account/workspaceMessages/read')).toEqual({
        result: { featureEnabled: false, messages: [] },
      });
    }));
});

describe('account/sendAddCreditsNudgeEmail', () => {
  test.each([
    [200, 'sent'],
    [429, 'cooldown_active'],
  ])('a nudge with the status %i is %s, and is sent once', (status, outcome) =>
    withAccount({}, async ({ backend, call }) => {
      backend.script('creditsNudge', { status, body: '' });
      expect(await call('account/sendAddCreditsNudgeEmail', { creditType: 'credits' })).toEqual({
        result: { status: outcome },
      });
      expect(backend.requests.map(({ body }) => body)).toEqual(['{"credit_type":"credits"}']);
    }),
  );

  test('a nudge that fails is never sent again', () =>
    withAccount({}, async ({ backend, call }) => {
      backend.script('creditsNudge', { status: 503, body: 'later' });
      await call('account/sendAddCreditsNudgeEmail', { creditType: 'usage_limit' });
      expect(backend.requests).toHaveLength(1);
    }));
});
