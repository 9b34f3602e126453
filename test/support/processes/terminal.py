"""Runs a command on a terminal of its own.

Usage: terminal.py COLUMNS ROWS COMMAND…

stdout gets the output on the terminal; the command inherits stderr. Each line on stdin is an order in JSON:
{"type": TEXT}, {"resize": [COLUMNS, ROWS]}, {"signal": NUMBER}, or {"hangUp": true}, which closes the terminal. The
end of stdin kills the command. When it has ended, file descriptor 3 gets a line of JSON: how it ended, and whether the
terminal has its original modes (null if it was closed).
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def main(columns, rows, *command):
    own_stderr = os.dup(2)
    # The command's own processes may outlive it.
    os.set_inheritable(3, False)
    pid, terminal = pty.fork()
    if pid == 0:
        resize(0, int(columns), int(rows))
        os.dup2(own_stderr, 2)
        os.execvp(command[0], command)
    modes = termios.tcgetattr(terminal)
    is_left = forward_until_end(pid, terminal)
    is_restored = termios.tcgetattr(terminal) == modes if is_left else None
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.write(3, json.dumps({"status": status, "isRestored": is_restored}).encode())


def forward_until_end(pid, terminal):
    """Returns whether the command has left the terminal, rather than the other way round."""
    inputs, rest = [terminal, 0], b""
    while True:
        ready = select.select(inputs, [], [])[0]
        if terminal in ready:
            try:
                os.write(1, os.read(terminal, 65536))
            except OSError:
                # The other end is closed.
                return True
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                os.kill(pid, signal.SIGKILL)
                inputs.remove(0)
            *lines, rest = (rest + chunk).split(b"\n")
            for order in map(json.loads, lines):
                if "hangUp" in order:
                    return False
                obey(order, pid, terminal)


def obey(order, pid, terminal):
    if "type" in order:
        os.write(terminal, order["type"].encode())
    if "resize" in order:
        resize(terminal, *order["resize"])
    if "signal" in order:
        os.kill(pid, order["signal"])


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


main(*sys.argv[1:])
