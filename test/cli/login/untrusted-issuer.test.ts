import { expect, test } from 'vitest';
import { createServerCertificate } from '../../support/network/certificates.js';
import { outcome, withCommands } from '../../support/processes/commands.js';
import { startTlsFront } from '../../support/network/tls-front.js';

test('a login at an issuer whose certificate is refused says why, and what to do', () =>
  withCommands('none', async ({ backend, command }) => {
    const front = await startTlsFront(await createServerCertificate(), () => backend.port);
    const issuer = `https://127.0.0.1:${front.port}`;
    try {
      const login = command('login --device-auth', { CODEX_APP_SERVER_LOGIN_ISSUER: issuer });
      const url = `${issuer}/api/accounts/deviceauth/usercode`;
      expect(await outcome(login)).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(
          `Error logging in with device code: failed to request device code: error sending request for url (${url}): the certificate is self-signed; if it is the right one, set CODEX_CA_CERTIFICATE to a file with it\n`,
        ) as string,
      });
    } finally {
      await front.close();
    }
  }));
