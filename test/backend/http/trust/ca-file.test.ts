import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withAccount } from '../../../support/account-fixture.js';
import { casesOf, isUnixCase } from '../../../support/unix-test.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ca-file-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const unusable: [what: string, reason: string, make: (path: string) => void][] = [
  ['a FIFO', 'not a regular file', (path) => execFileSync('mkfifo', [path])],
  ['a device without end', 'not a regular file', (path) => symlinkSync('/dev/zero', path)],
  [
    'a file of 1 TB',
    'above 8 MiB',
    (path) => {
      writeFileSync(path, '');
      truncateSync(path, 1e12);
    },
  ],
];

test.each(casesOf(unusable, ([what]) => !isUnixCase(what)))(
  '%s as the CA file is refused at once',
  (_, reason, make) => {
    const path = join(root, 'ca.pem');
    make(path);
    const environment = { SSL_CERT_FILE: path };
    const secured = (url: string): string => url.replace('http:', 'https:');
    return withAccount({ environment, baseUrl: secured }, async ({ backend, read }) => {
      const message = expect.stringContaining(
        `Failed to read CA certificate file ${path} selected by SSL_CERT_FILE: ${reason}. `,
      ) as string;
      expect(await read()).toMatchObject({ error: { message, data: { kind: 'configInvalid' } } });
      expect(backend.requests).toEqual([]);
    });
  },
);
