import { advertisedVersion, packageVersion } from '../protocol/version.js';

export function helpText(): string {
  return `codex-account-server ${packageVersion}: the account slice of the Codex app-server (${advertisedVersion})

Usage: codex-account-server [app-server] [options]   serve JSON-RPC on stdin and stdout
       codex-account-server usage [--help]           how much of the limits is used
       codex-account-server redeem [--help]          redeem one of your reset credits
       codex-account-server completion SHELL         completion for bash, zsh or fish
       codex-account-server dev-backend [--help]     an embedded backend to build clients against
       codex-account-server login [--help]           sign in; login status says how one is signed in
       codex-account-server logout                   sign out
       codex-account-server demo [--raw]             show a read and a redemption on an embedded backend

Options of the server:
  -c, --config key=value    override a setting of config.toml (chatgpt_base_url)
      --read-only           change nothing: no redemption, login, logout, nudge, token refresh
      --listen stdio://     the only transport; also --stdio
  -h, --help                this text
  -V, --version             the Codex version whose methods are served

Other options of codex are taken and have no effect.

Environment: CODEX_HOME (default ~/.codex) holds auth.json and config.toml.
`;
}
