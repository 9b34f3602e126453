import { advertisedVersion, packageVersion } from '../protocol/version.js';

export function helpText(): string {
  return `codex-account-server ${packageVersion}: rate limits and reset credits of a Codex account,
with the account methods of the Codex app-server ${advertisedVersion}

Usage: codex-account-server [app-server] [options]  serve JSON-RPC on stdio
       codex-account-server usage [options]         show how much is used
       codex-account-server redeem [options]        redeem a reset credit
       codex-account-server login [options]         sign in, or show the login
       codex-account-server logout                  sign out
       codex-account-server completion SHELL        completion for a shell
       codex-account-server shim COMMAND [options]  take the place of codex
       codex-account-server demo [--raw]            show it without an account
       codex-account-server dev-backend [options]   a backend to build clients

help COMMAND, or --help after a command, describes it. The commands
app-server generate-ts and app-server generate-json-schema write the types
of the protocol.

With --upstream PATH before the command, or CODEX_ACCOUNT_SERVER_UPSTREAM,
the real codex at PATH (or auto: the next one on PATH) runs every command
that is not one of these.

Options of the server:
  -c, --config key=value    override a setting of config.toml
                            (chatgpt_base_url)
      --read-only           change nothing: refuse redemptions, logins,
                            logout, e-mails to the owner and token refreshes
      --upstream PATH       the real codex, for the methods not served here;
                            auto finds it on PATH
      --listen stdio://     the only transport; also --stdio
  -h, --help                show this help
  -V, --version             show the Codex version whose methods are served

Other options of codex are accepted and have no effect.

CODEX_HOME (default: ~/.codex) is the folder of auth.json and config.toml.
`;
}
