#!/usr/bin/python3
"""A mail server that does as it is told, for tests. It keeps no message.

    smtp_server.py [--certificate FILE --key FILE [--tls-from-the-start]] [--password PASSWORD]

It prints `port N`, then `taken ID RECIPIENT` for each message that it took. Each line on its standard input is a command,
answered with `ok` once it holds; when standard input closes, it stops.

    accept              takes every message
    refuse, defer       answers the recipient with 550 or 451
    refuse-text, defer-text   answers the text with 554 or 452
    refuse-sender       answers the sender with 550
    silent              takes no connection any further than the greeting
    silent-text         takes the text and never says so
    cut-names           cuts the link when the recipient is named
    cut-text            cuts the link when the text begins to come
    cut-lost            cuts the link after the last dot, without the message
    cut-taken           cuts the link after the last dot, with the message
    cut-any SEED        cuts each link at some byte, or after the last dot with the message
    hang-up             cuts every link that is open, as servers do with idle ones
    down, up            is not there, is there again
"""

import argparse
import asyncio
import random
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult


def say(line):
    print(line, flush=True)


class Post:
    """What every connection shares."""

    def __init__(self):
        self.mode = "accept"
        self.chance = random.Random(0)
        self.open = set()

    def taken(self, envelope):
        for line in envelope.content.decode("ascii").splitlines():
            if line.lower().startswith("message-id:"):
                say(f"taken {line.split(':', 1)[1].strip()} {envelope.rcpt_tos[0]}")
                return

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if self.mode == "silent":
            await asyncio.sleep(3600)
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mode == "refuse-sender":
            return "550 5.7.1 not you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "refuse":
            return f"550 5.1.1 nobody is called {address}"
        if self.mode == "defer":
            return f"451 4.7.1 {address} later"
        if self.mode == "cut-names":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "refuse-text":
            return "554 5.6.0 not this"
        if self.mode == "defer-text":
            return "452 4.3.1 no room"
        if self.mode == "silent-text":
            await asyncio.sleep(3600)
        if self.mode == "cut-lost":
            server.transport.abort()
            return "250 OK"
        self.taken(envelope)
        cut_any = self.mode.startswith("cut-any") and self.chance.random() < 0.15
        if self.mode == "cut-taken" or cut_any:
            server.transport.abort()
        return "250 OK"


class Link(SMTP):
    """One connection, which can be cut at a byte."""

    def __init__(self, post, **options):
        super().__init__(post, hostname="mail.example.org", ident="test", **options)
        self.post = post
        self.left = None

    def connection_made(self, transport):
        super().connection_made(transport)
        self.post.open.add(self)
        self.left = None
        if self.post.mode.startswith("cut-any"):
            self.left = self.post.chance.randrange(1, 6000)

    def connection_lost(self, error):
        self.post.open.discard(self)
        super().connection_lost(error)

    def data_received(self, data):
        if self.post.mode == "cut-text" and data.lower().startswith(b"from:"):
            self.transport.abort()
            return
        if self.left is not None:
            data = data[: self.left]
            self.left -= len(data)
        if data:
            super().data_received(data)
        if self.left == 0:
            self.transport.abort()


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--certificate")
    arguments.add_argument("--key")
    arguments.add_argument("--tls-from-the-start", action="store_true")
    arguments.add_argument("--password")
    asked = arguments.parse_args()

    post = Post()
    context, options = None, {}
    if asked.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(asked.certificate, asked.key)
        if not asked.tls_from_the_start:
            options = {"tls_context": context, "require_starttls": True}
            context = None
    if asked.password:
        def right(server, session, envelope, mechanism, given):
            return AuthResult(success=given.password == asked.password.encode())

        options |= {"authenticator": right, "auth_required": True, "auth_require_tls": not asked.tls_from_the_start}

    loop = asyncio.get_running_loop()

    async def listen(port):
        return await loop.create_server(lambda: Link(post, loop=loop, **options), "127.0.0.1", port, ssl=context)

    server = await listen(0)
    port = server.sockets[0].getsockname()[1]
    say(f"port {port}")

    lines = asyncio.Queue()

    def read():
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        if line in ("down", "hang-up"):
            for link in list(post.open):
                link.transport.abort()
        if line == "down":
            server.close()
            await server.wait_closed()
        elif line == "up":
            server = await listen(port)
        elif line != "hang-up":
            post.mode = line
            if line.startswith("cut-any"):
                post.chance = random.Random(int(line.split()[1]))
        say("ok")


asyncio.run(main())
