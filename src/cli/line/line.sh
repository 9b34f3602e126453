#!/bin/sh
# Prints the line that `usage --format` last rendered, without node. README.md in this folder describes the files.
# For dash, bash and busybox: what POSIX lacks has its comment.

usage='Usage: codex-account-line [--max-age SECONDS] [--mark TEXT] FORMAT'
version=1
newline='
'

wrong_use() {
  printf '%s\n%s\n' "Error: $1; see codex-account-line --help" "$usage" >&2
  exit 2
}

print_help() {
  printf '%s\n' "$usage" "
Prints one line about the limits for a prompt or a status bar. FORMAT is that of
codex-account-server usage --format, which lists the fields.

The line is stored, so this usually starts no node and sends nothing. If it is
too old, it is printed with a mark before it, and a process in the background
renders it again. If there is none, codex-account-server usage runs first, for
three seconds at most, or until tokens that are being refreshed have arrived.

  --max-age SECONDS   the greatest age of the line without a mark, 0 to 99999
                      (default: 60)
  --mark TEXT         the mark (default: ~)
  -h, --help          show this help

Times left and {age} are as of when the line was rendered.

Exit codes: 0 a line was printed; 1 there is none yet, or it cannot be had;
2 wrong usage; 5 signed out."
}

max_age=60 mark='~'
while [ $# -gt 0 ]; do
  case $1 in
    --max-age | --mark)
      [ $# -ge 2 ] || wrong_use "$1 needs a value"
      case $1 in --mark) mark=$2 ;; *) max_age=$2 ;; esac
      shift
      ;;
    --max-age=*) max_age=${1#*=} ;;
    --mark=*) mark=${1#*=} ;;
    -h | --help) print_help; exit ;;
    --) shift && break ;;
    -?*) wrong_use "unknown option" ;;
    *) break ;;
  esac
  shift
done
[ $# -eq 1 ] || wrong_use 'one FORMAT is needed, in quotes'
[ -n "$1" ] || wrong_use 'FORMAT is empty'
case $max_age in '' | *[!0-9]* | 0?* | ??????*) wrong_use '--max-age takes 0 to 99999 seconds' ;; esac
format=$1

# The files that are written below are for this user only.
umask 077
# Words are separated, and never expanded to names of files.
set -f

# The program of the same installation, for whatever else is on PATH.
run_usage() {
  set -- usage "--format=$format" --max-age "$max_age" "$@"
  case $0 in
    */*)
      if [ -f "${0%/*}/codex-account-server" ] && [ -x "${0%/*}/codex-account-server" ]; then
        exec "${0%/*}/codex-account-server" "$@"
      fi
      if [ -f "${0%/*}/main.cjs" ]; then exec node "${0%/*}/main.cjs" "$@"; fi
      ;;
  esac
  exec codex-account-server "$@"
}

# Prints the line of a read that is waited for. Does not return.
run_in_foreground() {
  line=$(run_usage --timeout 3 "$@" </dev/null 2>/dev/null)
  code=$?
  if [ -n "$line" ]; then
    printf '%s\n' "$line"
    exit 0
  fi
  # Wrong usage, such as an unknown field: only its text says what is wrong, and it sends nothing.
  [ "$code" -ne 2 ] || (run_usage </dev/null >/dev/null)
  [ "$code" -ne 0 ] || code=1
  exit "$code"
}

# A subshell that does not wait: nothing waits for it, and it holds no stream of the prompt.
run_in_background() {
  (run_usage --keep-line "$key" </dev/null >/dev/null 2>&1 &)
}

# Returns whether it is a plain file of this user. -O is not in POSIX; dash, bash and busybox have it.
is_own_file() {
  # shellcheck disable=SC3067
  [ -f "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]
}

# The same for a folder.
is_own_folder() {
  # shellcheck disable=SC3067
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]
}

# Returns whether others than the owner can write, by the octal mode.
is_writable_by_others() {
  case $1 in *[2367] | *[2367]?) ;; *) return 1 ;; esac
}

# Returns whether all are numbers that arithmetic can take: 0 before a digit would be octal.
are_numbers() {
  for number; do
    case $number in '' | *[!0-9]* | 0?* | ????????????*) return 1 ;; esac
  done
}

# Nobody knows whose login a personal access token is, so nothing is stored for it.
[ -z "${CODEX_ACCESS_TOKEN-}" ] || run_in_foreground
home=${CODEX_HOME:-${HOME:+$HOME/.codex}}
[ -n "$home" ] || run_in_foreground
[ -d "$home" ] || exit 5
auth=$home/auth.json
# One more process, if the login is kept elsewhere.
if [ -L "$auth" ]; then auth=$(readlink -f -- "$auth") || auth=$home/auth.json; fi
folder=${auth%/*}/account-server

# 1st process: the name of the file. The language and the time zone change the text too. `exec` saves a fork, here and
# below.
key=$(
  exec cksum <<END
$format
${TZ-} ${LC_ALL-} ${LC_CTYPE-} ${LC_TIME-} ${LANG-}
END
)
key=${key%% *}-${key#* }
case $key in *[!0-9-]*) run_in_foreground ;; esac
file=$folder/line-$key

# 2nd and 3rd process: the time, and which files these are. Without a login in a file (a keyring), the last three numbers
# are missing.
facts() {
  date +%s
  is_own_folder "$folder" && is_own_file "$file" || return
  set -- "$@" -- "$folder" "$file"
  [ ! -e "$auth" ] || set -- "$@" "$auth"
  exec stat -L "$@" 2>/dev/null
}

# Sets `text`, `read_at` and `until` to those of the stored line. Fails if it is not of this login, or damaged.
read_stored() {
  # A folder that others can write to, and a large file, are not ours.
  are_numbers "$now" "$folder_mode" "$file_mode" "$file_size" && [ "$file_size" -le 8192 ] || return 1
  if is_writable_by_others "$folder_mode" || is_writable_by_others "$file_mode"; then return 1; fi
  epoch='' text='' last=''
  if is_own_file "$folder/limits-epoch"; then IFS= read -r epoch <"$folder/limits-epoch"; fi
  {
    IFS=' ' read -r word stored_version read_at until size mtime inode stored_epoch
    while IFS= read -r part; do
      text=$text$last
      last=$part$newline
    done
  } <"$file" 2>/dev/null
  [ "$word $stored_version" = "codex-account-line $version" ] && [ "$last" = "end$newline" ] &&
    [ -n "$epoch" ] && [ "$epoch" = "$stored_epoch" ] &&
    [ "$size $mtime $inode" = "$auth_size $auth_mtime $auth_inode" ] &&
    are_numbers "$read_at" "$until" && [ "$read_at" -le "$now" ]
}

# Begins a try to render the line, of which there is one in 10 s. Returns 1 if another one has begun, and 2 if it cannot be
# noted. The file is removed when a line is stored.
begin_try() {
  # Opening a pipe would wait.
  [ ! -e "$file.try" ] || is_own_file "$file.try" || return 2
  # With -C only one process creates the file.
  set -C
  if { printf '%s\n' "$now" >"$file.try"; } 2>/dev/null; then return 0; fi
  set +C
  is_own_file "$file.try" || return 2
  tried=''
  IFS= read -r tried <"$file.try"
  if are_numbers "$tried" && [ "$tried" -le "$now" ] && [ $((now - tried)) -lt 10 ]; then return 1; fi
  { printf '%s\n' "$now" >"$file.try"; } 2>/dev/null || return 2
}

# `stat` is not in POSIX: that of macOS and BSD refuses `-c`.
# shellcheck disable=SC2046
set -- $(facts -c '%a %s %Y %i')
# shellcheck disable=SC2046
[ $# -gt 1 ] || set -- $(facts -f '%Lp %z %m %i')
now=${1-} folder_mode=${2-} file_mode=${6-} file_size=${7-}
auth_size=${11:--} auth_mtime=${12:--} auth_inode=${13:--}

if read_stored; then
  if [ "$now" -le "$until" ] && [ $((now - read_at)) -le "$max_age" ]; then
    printf %s "$text"
    exit 0
  fi
  begin_try
  tried_by=$?
  if [ "$tried_by" -lt 2 ]; then
    printf %s "$mark$text"
    [ "$tried_by" -eq 1 ] || run_in_background
    exit 0
  fi
  run_in_foreground
fi

[ -d "$folder" ] || mkdir -- "$folder" 2>/dev/null
is_own_folder "$folder" || run_in_foreground
# A try that has failed: the next ones are in the background, so that no prompt waits again.
if [ -e "$file.try" ]; then is_first=''; else is_first=1; fi
begin_try
case $? in
  0) if [ -n "$is_first" ]; then run_in_foreground --keep-line "$key"; else run_in_background; fi ;;
  2) run_in_foreground ;;
esac
exit 1
