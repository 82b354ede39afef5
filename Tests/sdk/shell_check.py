"""Drives orkctl's shell, and bash's completion, on terminals of their own.

Usage: shell_check.py ORKCTL COMPLETIONS KEY CLIENT   (ORKD_SOCKET names the daemon)
Prints one JSON object: {"checks": {NAME: true | WHAT WAS SEEN, ...}}.
"""

import os
import re
import signal
import stat
import sys

import pexpect

from terminal import Verdict

BARE = "ready> "


def bash(orkctl, columns=200):
    env = dict(os.environ, PS1=BARE, PATH=os.path.dirname(orkctl) + ":/usr/bin:/bin", TERM="xterm")
    env.pop("PROMPT_COMMAND", None)
    child = pexpect.spawn(
        "/bin/bash", ["--norc", "--noprofile", "-i"], env=env, timeout=20, encoding="utf-8", dimensions=(40, columns)
    )
    child.expect_exact(BARE)
    # Its own line editor would change the modes that are compared.
    child.sendline("bind 'set enable-bracketed-paste off'")
    child.expect_exact(BARE)
    return child


def modes(child):
    child.sendline("stty -g")
    child.expect(r"([0-9a-f]+(?::[0-9a-f]+)+)")
    found = child.match.group(1)
    child.expect_exact(BARE)
    return found


def complete(child, typed, whole):
    """Live names have a fraction of a second to come; who hears the bell instead presses the key once more."""
    child.send(typed + "\t")
    for _ in range(30):
        if child.expect_exact([whole, "\a"]) == 0:
            return
        child.send("\t")
    child.expect_exact(whole)


def shell(orkctl, key, client, verdict):
    child = bash(orkctl)
    before = modes(child)
    prompt = r"ork \d+/\d+> "
    child.sendline("orkctl shell")
    child.expect(prompt)
    verdict.expect("the prompt tells usable and all keys", child.match.group(0) == "ork 2/2> ", child.match.group(0))

    complete(child, "keys show " + key[:3], "keys show " + key)
    verdict.expect("a live key name is completed", True)
    child.send("\r")
    child.expect(r"state .*usable")
    child.expect(prompt)
    child.send("clients sh\t")
    complete(child, client[:3], client)
    child.send("\r")
    child.expect(r"name +" + re.escape(client))
    verdict.expect("a command and a live client name are completed", True)
    child.expect(prompt)
    child.send("keys list --filter state=us\t")
    child.expect_exact("state=usable")
    verdict.expect("a filter's value is completed", True)

    child.sendintr()
    child.expect(r"\^C")
    child.expect(prompt)
    child.send("\r")
    child.expect(prompt)
    verdict.expect("Ctrl-C drops the line", "usable" not in child.before, child.before)

    child.send("events -f\r")
    child.expect("SEVERITY")
    child.sendintr()
    child.expect(prompt)
    child.send("version\r")
    child.expect(r"orkctl +\d")
    child.expect(prompt)
    verdict.expect("Ctrl-C ends the command, not the shell", True)

    child.send("keys li")
    child.expect_exact("keys li")
    child.send("\x1a")
    child.expect("Stopped")
    child.expect_exact(BARE)
    stopped = modes(child)
    verdict.expect("the terminal is as before while it is stopped", stopped == before, (before, stopped))
    child.sendline("fg")
    child.expect_exact("keys li")
    child.send("st -q\r")
    child.expect_exact(key)
    child.expect(prompt)
    verdict.expect("it goes on with the same line after a stop", True)

    child.send("keys show 'no end\r")
    child.expect("a quotation has no end")
    child.expect(prompt)
    child.send("orkctl keys list -q\r")
    child.expect_exact(key)
    child.expect(prompt)
    verdict.expect("a pasted hint with the leading word works", True)
    child.send("keys add x sk-or-v1-" + "0123456789abcdef" * 4 + "\r")
    child.expect("secret-on-argv")
    child.expect(prompt)
    child.send("exit\r")
    child.expect_exact(BARE)
    verdict.expect("the terminal is as before after exit", modes(child) == before)

    child.sendline("orkctl shell")
    child.expect(prompt)
    child.send("\x1b[A\x1b[A")
    child.expect_exact("orkctl keys list -q")
    verdict.expect("lines are remembered", True)
    child.sendintr()
    child.expect(prompt)
    child.send("\x04")
    child.expect_exact(BARE)
    verdict.expect("the terminal is as before after Ctrl-D", modes(child) == before)

    child.sendline("orkctl shell")
    child.expect(prompt)
    child.send("half a li")
    child.expect_exact("half a li")
    os.kill(newest("orkctl", child.pid), signal.SIGTERM)
    child.expect_exact(BARE)
    verdict.expect("the terminal is as before after SIGTERM", modes(child) == before)
    child.sendline("exit")

    history = os.environ["ORKCTL_HISTFILE"]
    text = open(history).read()
    verdict.expect("the history is private", stat.S_IMODE(os.stat(history).st_mode) == 0o600)
    verdict.expect("the history holds lines and no secret", "keys list -q" in text and "sk-or" not in text, text)


def newest(name, parent):
    """The child of that name that was started last."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = open("/proc/%s/stat" % entry).read().rsplit(")", 1)
        except OSError:
            continue
        if fields[0].endswith("(" + name) and int(fields[1].split()[1]) == parent:
            found.append(int(entry))
    return max(found)


def completion(orkctl, script, key, client, verdict):
    child = bash(orkctl)
    child.sendline("source " + script)
    child.expect_exact(BARE)
    for line, wanted in [
        ("orkctl keys show " + key[:3], key),
        ("orkctl clients disable " + client[:3], client),
        ("orkctl requests list --key " + key[:3], key),
        ("orkctl ev", "events"),
    ]:
        complete(child, line, line[: line.rindex(" ") + 1] + wanted)
        # Not Ctrl-C: bash may still be in its completion, which does not like it.
        child.send("\x15\r")
        child.expect_exact(BARE)
    verdict.expect("bash completes live names", True)
    child.sendline("export ORKD_SOCKET=/nonexistent/s")
    child.expect_exact(BARE)
    child.send("orkctl keys show " + key[:3] + "\t")
    child.send("X\x01echo \r")
    child.expect_exact(BARE)
    verdict.expect("without a daemon bash completes nothing and says nothing", "orkctl:" not in child.before, child.before)


def main(orkctl, script, key, client):
    # Whoever starts us may hold signals back, and terminals would be deaf to Ctrl-C.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    verdict = Verdict()
    for part, arguments in [(shell, (orkctl, key, client)), (completion, (orkctl, script, key, client))]:
        try:
            part(*arguments, verdict)
        except (pexpect.ExceptionPexpect, OSError, ValueError) as error:
            verdict.expect(part.__name__ + " came to its end", False, str(error)[:1500])
    verdict.print()


if __name__ == "__main__":
    main(*sys.argv[1:5])
