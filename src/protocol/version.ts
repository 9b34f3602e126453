/**
 * The Codex version whose account methods are served. Clients compare it with the least version they need, so it
 * follows the reference and not this package.
 */
export const advertisedVersion = '0.169.0';

/** What `--version` prints: clients compare it, so it is the reference's. */
export const versionLine = `codex-cli ${advertisedVersion}\n`;

/** Our own version, that of package.json, which the protocol never shows. */
export const packageVersion = '0.1.0';
