export const redeemHelp = `Usage: codex-account-server redeem [--credit ID] [--yes] [--json]
       codex-account-server redeem --history [--json]

Redeems one of your reset credits: shows those that there are, what is in use, and when
that would reset by itself, and asks. No attempt uses two credits: it is written down in
CODEX_HOME before it is sent, and one that was broken off is finished by the next call.

  --credit ID   which credit; usage lists their ids
  --yes         without asking, even if use is allowed; the backend chooses the credit unless
                --credit is given. Without a terminal nothing is redeemed unless it is given
  --json        what came of it as JSON (version 1, schema/json/RedeemOutput.json);
                questions go to stderr
  --history     past and open attempts, the newest first
  -h, --help    this text

Exit codes: 0 a credit was used, by this attempt; 1 any other failure; 2 wrong use, or
nobody to ask; 3 no credit was used; 4 not known, or an attempt is open: run it again;
5 signed out. --history: 0, or 4 while an attempt is open.

Ctrl-C is safe at any time. What is open then is said, and finished by the next call.

Colours are for terminals (NO_COLOR, FORCE_COLOR), signs beyond ASCII for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG); times are of the time zone TZ.
`;
