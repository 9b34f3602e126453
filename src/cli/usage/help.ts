import { watchIntervalSecs } from '../../limits/pace.js';
import { plainFields, windowFields } from './format/fields.js';
import { stateFields } from './format/format.js';
import { usualPresentation, widestBar } from './presentation.js';
import { presetNames, streamedPresets } from './presets/names.js';

const { least, usual, most } = watchIntervalSecs;

/** The text of `usage --help`. */
export const usageHelp = `Usage: codex-account-server usage [--json | --format TEXT | --preset NAME]
                                  [--left] [--limit NAME] [--bar-width N]
                                  [--max-age SECONDS] [--cached]
                                  [--timeout SECONDS] [--keep-line KEY]
                                  [--need NEEDS [--fail-open]]
                                  [--home DIR]...
       codex-account-server usage ... --watch [--interval SECONDS]
       codex-account-server usage --wait [--need NEEDS] [--timeout TIME]
                                  [--json | --format TEXT]
       codex-account-server usage --history [--json]
       codex-account-server usage --tokens [--json] [--timeout SECONDS]
       codex-account-server usage --watch --on EVENTS --print
       codex-account-server usage --watch --on EVENTS -- COMMAND [ARG...]

Shows how much of each limit is used, when it resets, and whether use is
allowed.

  --json              print JSON (version 1, schema/json/UsageOutput.json)
  --format TEXT       print one line, with the fields below in braces; with
                      --preset: the text in place of the usual one
  --preset NAME       print for a status bar, with a stored read of at most
                      60 s, or --max-age, and after 0.8 s, or --timeout, with
                      an older one that is marked. NAME is
                      ${presetNames.slice(0, 6).join(', ')},
                      ${presetNames.slice(6).join(', ')}
  --install-help      with --preset: print the lines for its configuration
  --exit-code         with --format or --preset: exit with the code below even
                      if a line is printed
  --left              show what is left in place of what is used; with
                      --format in bars
  --limit NAME        show only this limit, by its id or name (default: all;
                      in a line: codex)
  --bar-width N       columns of a bar, 1 to ${widestBar}
  --low N             from how many percent left {level} is low (default: ${usualPresentation.lowPercent})
  --critical N        the same for critical (default: ${usualPresentation.criticalPercent})
  --max-age SECONDS   take a stored read of at most this age; without one,
                      read the limits and store them for other processes
  --cached            take a stored read of any age, or of --max-age, and send
                      nothing
  --timeout SECONDS   give up after 1 to 99 seconds
  --keep-line KEY     with --format and --max-age: also keep the line as KEY,
                      two numbers such as 1-2, for codex-account-line, which
                      calls this
  --need NEEDS        say whether enough is left: 10080:20,300:10 (window in
                      minutes, percent left), budget:5, tightest:15, credits:1
  --fail-open         with --need: unknown counts as enough
  --wait              wait until use is allowed, and enough for --need is
                      left; then --timeout takes 90s, 30m, 6h or 7d
  --watch             keep running and show every change. Redraws a terminal,
                      where q ends it and r reads now; otherwise prints again,
                      one line per change with --json, --format, or --preset
                      for ${streamedPresets.join(', ')}
  --interval SECONDS  time between two reads of --watch, ${least} to ${most}
                      (default: ${usual}); longer while nothing changes, shorter
                      near a limit
  --on EVENTS         with --watch: report low:20, critical:5, spend:80,
                      reached, allowed, reset, credit-granted,
                      credit-expiring:1d, failed; each once. Runs the command
                      after -- for each, with the event as JSON on stdin
  --print             with --on: print the events as JSON lines
  --home DIR          read with this folder in place of CODEX_HOME; may be
                      given several times, for several accounts
  --tokens            show the token activity of the account instead: the last
                      two weeks with use, lifetime, peak day and streaks
                      (JSON: schema/json/TokenUsageOutput.json)
  --history           show what reads have seen change, as a chart of each
                      window; with --json as JSON (version 1,
                      schema/json/UsageHistory.json). Sends nothing
  -h, --help          show this help

Fields of --format; an unknown value is printed as ?:
${fieldLines(plainFields, '')}${fieldLines(stateFields, '')}
Fields of a window, named by its length in minutes (300: 5 hours, 10080:
week). With spend in place of the minutes they are those of the spend limit.
Of the limit that binds they are {tightest:left}, {tightest:name} and so on:
${fieldLines(windowFields, ':300')}
Example: --format "{tightest:left}% {bar:10080} {resetsIn:300}"
With {error} the line is printed even if the read fails.
Write {{ and }} for braces.

Exit codes: 0 use is allowed; 1 any other failure; 2 wrong usage; 3 use is
blocked; 4 it is not known whether use is allowed, or --cached finds no stored
read; 5 signed out.
--need and --wait: 0 enough is left; 3 blocked; 4 not known, also after a
failed read; 5 signed out; 6 too little is left; 7 the time is over.
With several --home the first of 1, 5, 3, 4 and 0 counts that one of them has.
With --format or --preset the code is 0 once a line is printed, unless
--exit-code is given. --watch exits with the code for what it showed last.

Colours are for terminals (NO_COLOR, FORCE_COLOR), Unicode for UTF-8 locales
(LC_ALL, LC_CTYPE, LANG). Times are in the time zone TZ.
`;

function fieldLines(
  fields: Readonly<Record<string, readonly [meaning: string, unknown]>>,
  suffix: string,
): string {
  return Object.entries(fields)
    .map(([name, [meaning]]) => `  ${`{${name}${suffix}}`.padEnd(18)}  ${meaning}\n`)
    .join('');
}
