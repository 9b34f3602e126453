import { advertisedVersion, packageVersion } from '../protocol/version.js';

export function helpText(): string {
  return `codex-account-server ${packageVersion}: the account slice of the Codex app-server (${advertisedVersion})

Usage: codex-account-server [app-server] [options]   serve JSON-RPC on stdin and stdout
       codex-account-server usage [--help]           show how much of the limits is used
       codex-account-server redeem [--help]          redeem one of your reset credits
       codex-account-server completion SHELL         print the completion script of bash, zsh or fish
       codex-account-server dev-backend [--help]     run an embedded backend to build clients against
       codex-account-server login [--help]           sign in; login status shows how you are signed in
       codex-account-server logout                   sign out
       codex-account-server demo [--raw]             read and redeem on an embedded backend

Options of the server:
  -c, --config key=value    override a setting of config.toml (chatgpt_base_url)
      --read-only           change nothing: no redemption, login, logout, nudge, token refresh
      --listen stdio://     the only transport; also --stdio
  -h, --help                show this help
  -V, --version             show the Codex version whose methods are served

Other options of codex are accepted and ignored.

Environment: CODEX_HOME (default ~/.codex) holds auth.json and config.toml.
`;
}
