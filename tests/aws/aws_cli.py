#!/usr/bin/env python3
"""The AWS CLI for a test that calls it a hundred times: a process that has read it forks for each call, as reading it takes
longer than most calls do. The CLI is the real one, with the caller's arguments, environment, folder and files.

usage: aws_cli.py SOCKET             that process: answers at the socket until its standard input ends
       aws_cli.py SOCKET WORD...     what the test has called in place of `aws`
"""
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback

LENGTH_BYTES = 8
START_SECONDS = 60


def serve(path):
    """Answers calls until the standard input ends. For a process of its own."""
    from awscli.clidriver import create_clidriver
    create_clidriver()  # reads what each call needs
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen(64)
    os.rename(path + ".new", path)
    while True:
        caller, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(caller)
        caller.close()


def answer(caller):
    """One call, in a process of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, files, _, _ = socket.recv_fds(caller, LENGTH_BYTES, 3)
    with caller.makefile("rb") as told:
        given = json.loads(told.read(int(length)))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(given["folder"])
    own = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}  # set when the CLI was read
    os.environ.clear()
    os.environ.update(given["environment"] | own)
    sys.argv = ["aws", *given["words"]]
    # Who is killed takes its call along.
    threading.Thread(target=lambda: (caller.recv(1), os._exit(1)), daemon=True).start()
    from awscli.clidriver import main
    status = 1
    try:
        status = main()
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException:  # only os._exit() may end what was forked
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    caller.send(bytes([status]))
    os._exit(0)


def call(path, words):
    """Has the server run it, and returns its status."""
    caller = socket.socket(socket.AF_UNIX)
    end = time.monotonic() + START_SECONDS
    while not os.path.exists(path) and time.monotonic() < end:
        time.sleep(0.05)  # it is still being started
    caller.connect(path)
    text = json.dumps({"words": words, "folder": os.getcwd(), "environment": dict(os.environ)}).encode()
    socket.send_fds(caller, [b"%*d" % (LENGTH_BYTES, len(text))], [0, 1, 2])
    caller.sendall(text)
    status = caller.recv(1)
    return status[0] if status else 1


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve(sys.argv[1])
    sys.exit(call(sys.argv[1], sys.argv[2:]))
