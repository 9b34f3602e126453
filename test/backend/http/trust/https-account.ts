import { type AccountFixture, withAccount } from '../../../support/account-fixture.js';
import type { KeyAndCertificate } from '../../../support/network/certificates.js';
import { startTlsFront } from '../../../support/network/tls-front.js';

/** Runs `act` with an https base URL whose server has this certificate. */
export async function withHttpsAccount(
  certificate: KeyAndCertificate,
  environment: Readonly<Record<string, string>>,
  act: (fixture: AccountFixture, base: string) => Promise<void>,
  host = '127.0.0.1',
): Promise<void> {
  let backendPort = 0;
  const front = await startTlsFront(certificate, () => backendPort);
  const base = `https://${host}:${front.port}`;
  try {
    await withAccount({ environment, baseUrl: () => base }, async (fixture) => {
      backendPort = fixture.backend.port;
      await act(fixture, base);
    });
  } finally {
    await front.close();
  }
}
