"""Runs a command on a terminal, as somebody sits at it who has one passphrase and says yes to everything.

Lines of the variable ANSWERS, a part of a question, a tab and the answer to it, come first: each is given once, in order.
What the terminal shows goes to standard output; the exit code is the command's.
"""

import os
import pty
import re
import select
import sys

ANSWERS = [
    (re.compile(rb"(passphrase[^\r\n]*|The same again): $"), b"correct horse\n"),
    (re.compile(rb"\[y/N\] $"), b"y\n"),
]
# Answers to single questions, each with whether it was given.
GIVEN = [
    [re.compile(re.escape(part.encode()) + rb"[^\r\n]*(: |\] )$"), answer.encode().decode("unicode_escape").encode() + b"\n"]
    for part, answer in (line.split("\t") for line in os.environ.get("ANSWERS", "").splitlines())
]
# For how many seconds a command may be silent.
PATIENCE = 180

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])

line = b""
while True:
    if not select.select([terminal], [], [], PATIENCE)[0]:
        sys.exit("the command is silent: " + repr(line))
    try:
        shown = os.read(terminal, 4096)
    except OSError:
        shown = b""
    if not shown:
        break
    sys.stdout.buffer.write(shown)
    sys.stdout.buffer.flush()
    line = (line + shown).rsplit(b"\n", 1)[-1]
    first = next((given for given in GIVEN if given[0].search(line)), None)
    if first:
        GIVEN.remove(first)
    for question, answer in [first] if first else ANSWERS:
        if question.search(line):
            line = b""
            os.write(terminal, answer)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
