import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Creates an authority that is not trusted by default. */
export function createAuthority(name = 'Test authority'): Promise<KeyAndCertificate> {
  return certificate(name, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

/** Creates a certificate for localhost and 127.0.0.1, or for another host; self-signed if no authority is given. */
export function createServerCertificate(
  ca?: KeyAndCertificate,
  options: { readonly host?: string; readonly validity?: 'past' | 'future' } = {},
): Promise<KeyAndCertificate> {
  const altNames = options.host
    ? [{ type: 2 as const, value: options.host }]
    : [
        { type: 2 as const, value: 'localhost' },
        { type: 7 as const, ip: '127.0.0.1' },
      ];
  return certificate('localhost', [{ name: 'subjectAltName', altNames }], {
    ...(ca && { ca }),
    ...(options.validity && validities[options.validity]),
  });
}

const validities = {
  past: { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2020-02-01') },
  future: { notBeforeDate: new Date('2099-01-01'), notAfterDate: new Date('2099-02-01') },
};

async function certificate(
  name: string,
  extensions: NonNullable<Parameters<typeof generate>[1]>['extensions'],
  options: Parameters<typeof generate>[1] = {},
): Promise<KeyAndCertificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(extensions && { extensions }),
    ...options,
  });
  return { key: made.private, cert: made.cert };
}

/** Runs `act` with the path of a file with this text. */
export async function withFile(text: string, act: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-'));
  const path = join(folder, 'ca.pem');
  writeFileSync(path, text);
  try {
    await act(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
