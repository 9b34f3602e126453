/**
 * The Codex version whose account methods this server implements. Clients compare it with the minimum that they need,
 * so it is not the version of this package.
 */
export const advertisedVersion = '0.171.0';

/** The version of this package, as in package.json. The protocol never shows it. */
export const packageVersion = '0.2.0';

/** The output of `--version`. Clients read the first line. */
export const versionText = `codex-cli ${advertisedVersion}\ncodex-account-server ${packageVersion}\n`;
