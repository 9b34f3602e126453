"""Types a line into an interactive shell, presses Tab and Enter, and prints the words that the command got.

Usage: complete.py bash|zsh|fish SCRIPT LINE. SCRIPT is the file with the completion; in LINE the first word is the
command, for which a function stands in that shows its arguments.
"""
import os
import pty
import re
import select
import signal
import sys

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
SETUP = {
    "bash": ". {script}; {command}() {{ printf 'GOT<%s>\\n' \"$*\"; }}; printf 'READ%s\\n' Y\n",
    "zsh": "autoload -Uz compinit; compinit -D -u; . {script}; "
    "{command}() {{ printf 'GOT<%s>\\n' \"$*\"; }}; printf 'READ%s\\n' Y\n",
    "fish": "source {script}; function {command}; printf 'GOT<%s>\\n' \"$argv\"; end; printf 'READ%s\\n' Y\n",
}


def main(shell, script, line):
    command = line.split()[0]
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb" if shell != "fish" else "xterm", PS1="$ ")
        os.execvp(SHELLS[shell][0], SHELLS[shell])
    try:
        os.write(terminal, SETUP[shell].format(script=script, command=command).encode())
        until(terminal, r"READY\r?\n")
        os.write(terminal, f"{line}\t".encode())
        # The completed line is written by the shell before it reads the Enter.
        os.write(terminal, b"\n")
        print(until(terminal, r"GOT<([^>]*)>\r?\n").strip())
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def until(terminal, pattern):
    text = ""
    while True:
        found = re.search(pattern, text)
        if found:
            return found.group(found.lastindex or 0)
        ready, _, _ = select.select([terminal], [], [], 15)
        if not ready:
            raise SystemExit(f"nothing more from the shell: {text!r}")
        text += os.read(terminal, 65536).decode(errors="replace")


main(*sys.argv[1:])
