/** The files of the smoke test: locks, saves, logins, redemptions, refreshes of several servers, ends, usage. */
export const smokeFiles = ['test/util/files', 'test/auth/store', 'test/stress/refresh/rounds.test.ts'];

/** The files that cannot run in Wine, each with the reason. Patterns of vitest. */
export const leftOut = {};
