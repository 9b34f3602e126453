/**
 * The Codex version whose account methods are served. Clients compare it with the least version they need, so it
 * follows the reference and not this package.
 */
export const advertisedVersion = '0.169.0';
