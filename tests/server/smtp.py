"""A small SMTP server on loopback: keeps what was handed over whole, and refuses, hangs up or waits where told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


class Post:
    """What arrived, and how the next ones are answered.

    `envelopes` are the senders of the MAIL commands. `answers` are used up one a mail: a reply line, or 'drop' to hang
    up without one after the mail is kept. `refuse` maps a command to its reply. With `wait_at_data` the server stops
    reading inside the mail until `go` is set.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[str] = []
        self.answers: list[str] = []
        self.refuse: dict[str, str] = {}
        self.wait_at_data = False
        self.go = threading.Event()
        self.inside = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=no"


@contextmanager
def running() -> Iterator[Post]:
    post = Post()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            for raw in self.rfile:
                command = raw.decode().split(" ")[0].strip().upper()
                if command == "MAIL":
                    post.envelopes.append(raw.decode().partition("<")[2].partition(">")[0])
                if command in post.refuse:
                    self.say(post.refuse[command])
                elif command == "DATA":
                    self.say("354 go on")
                    if not self.read_mail():
                        return
                else:
                    self.say("250 ok")

        def read_mail(self) -> bool:
            if post.wait_at_data:
                self.rfile.readline()
                post.inside.set()
                post.go.wait(30)
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line[1:] if line.startswith(b".") else line)
            else:
                return False  # the client went away: by the protocol, what it sent is dropped
            answer = post.answers.pop(0) if post.answers else "250 taken"
            if answer.startswith("250") or answer == "drop":
                mail = BytesParser(policy=policy.default).parsebytes(b"".join(lines))
                assert isinstance(mail, EmailMessage)
                post.mails.append(mail)
            if answer == "drop":
                return False
            self.say(answer)
            return True

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Session) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            post.go.set()
            server.shutdown()
            thread.join(5)
