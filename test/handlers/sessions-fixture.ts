import { type AccountFixture, withAccount } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { createManualClock } from '../support/clocks/manual-clock.js';

const capabilities = { experimentalApi: true };
const nowSecs = Date.parse('2026-01-01T00:00:00Z') / 1000;

/** The only session. `workspaces` are those of the stored login unless given. */
export function listOf(accountId: string | null, workspaces?: object[]): object {
  const none = { name: null, imageUrl: null, kind: null };
  return {
    activeSessionId: 'user-dev',
    sessions: [
      {
        sessionId: 'user-dev',
        email: 'canary@example.com',
        userId: 'user-dev',
        displayName: null,
        imageUrl: null,
        lastUsedAt: nowSecs,
        isActive: true,
        selectedWorkspaceAccountId: accountId,
        workspaces: workspaces ?? (accountId === null ? [] : [{ accountId, ...none }]),
      },
    ],
  };
}

export function refused(message: string, data: object, code = -32600): object {
  return { error: { code, message, data } };
}

export type Options = Parameters<typeof withAccount>[0];

export function withSessions(
  options: Options,
  act: (fixture: AccountFixture) => Promise<void>,
): Promise<void> {
  return withAccount({ auth: chatgptLogin(), capabilities, clock: createManualClock(), ...options }, act);
}

export const accounts = [
  { id: 'account-dev', name: 'Own', structure: 'personal', profile_picture_url: null },
  { id: 'account-two', name: 'Team', structure: 'workspace', profile_picture_url: 'https://b.example/p.png' },
  { id: 'account-old', name: null, structure: 'other', is_deactivated: true },
  { id: 'account-gov', is_fedramp_compliant_workspace: true },
  { id: 'account-sso', can_access_with_session: false, sso_connection_name: 'saml-1' },
];
