/** The files of the smoke test: locks, saves, logins, redemptions, refreshes of several servers, ends, usage. */
export const smokeFiles = [
  'test/compat/windows',
  'test/util/files/locks/file-lock',
  'test/util/files/in-use',
  'test/auth/store/file-in-use',
  'test/auth/store/login-lock',
  'test/auth/login/device-login',
  'test/client/redemption/redeem',
  'test/stress/refresh/rounds',
  'test/cli/usage/held-lock',
  'test/stress/ends',
];

/** The starts of the paths of files that cannot run in Wine, each with the reason. */
export const leftOut = {
  'test/bench/': 'it needs a C compiler of Unix',
  'test/cli/line/': 'it is about a script of sh',
  'test/stress/line/': 'it is about a script of sh',
  'test/compat/drift/command.test.ts': 'it needs npm',
  'test/compat/schema/other-languages.test.ts': 'it needs Python, and links to folders',
  'test/cli/redeem/command.test.ts': 'it needs bash',
  'test/package/': 'it needs bash and npm',
  'test/security/files.test.ts': 'it is about the modes of files',
  'test/client/bundles.test.ts': 'it needs bash',
  'test/client/leaks.test.ts': 'it looks at processes with ps and /proc',
  'test/client/packed.test.ts': 'it needs npm',
  'test/stress/redemption/rules/': 'it kills processes that it finds in /proc',
  'test/util/files/atomic-file-faults.test.ts':
    'it kills fifty processes in a row: the server of Wine 8 crashes',
  'test/util/files/locks/flock-command.test.ts': 'it is about flock(1) of Linux',
};
