"""A mail server that keeps what it is sent: `aiosmtpd`, with TLS, AUTH and what can go wrong.

    mail.py DUMP [--certificate FILE --key FILE] [--tls] [--login NAME:PASSWORD] [--busy N] [--gone ADDRESS] [--silent]

Prints `Serving SMTP on HOST:PORT`. With a certificate it wants STARTTLS, with --tls TLS from the beginning. The first N
mails are put off with 451. Mail for ADDRESS is refused with 550. A refused sign-in is told with all that was sent for it.
With --silent it takes connections and says nothing. At an interrupt it writes what it has into DUMP, as JSON: an array with
the envelope, whether it came over TLS, who had signed in, the raw text, and the text as Python's `email` reads it.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("dump")
for name in ("--certificate", "--key", "--login", "--gone"):
    parser.add_argument(name)
parser.add_argument("--busy", type=int, default=0)
parser.add_argument("--tls", action="store_true")
parser.add_argument("--silent", action="store_true")
options = parser.parse_args()
mails = []


class Keeper:
    busy = options.busy

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if self.busy > 0:
            self.busy -= 1
            return "451 4.3.0 come back later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address == options.gone:
            return f"550 5.1.1 <{address}>: nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        read = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        mails.append({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": server.transport.get_extra_info("sslcontext") is not None,
            "login": getattr(session.auth_data, "login", b"").decode() if session.auth_data else None,
            "raw": envelope.original_content.decode("utf-8", "surrogateescape"),
            "headers": [[name, str(value)] for name, value in read.items()],
            "parts": [part.get_content_type() for part in read.walk()],
            "text": read.get_content(),
        })
        return "250 OK: kept"


def sign_in(server, session, envelope, mechanism, data):
    assert isinstance(data, LoginPassword)
    if f"{data.login.decode()}:{data.password.decode()}" == options.login:
        return AuthResult(success=True, auth_data=data)
    sent = base64.b64encode(b"\0" + data.login + b"\0" + data.password).decode()
    told = f"535 5.7.8 refused: AUTH {mechanism} {sent} ({data.password.decode()})"
    return AuthResult(success=False, handled=False, message=told)


async def serve():
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    keeper = Keeper()

    def smtp():
        return SMTP(
            keeper,
            hostname="mail.test",
            tls_context=None if options.tls else context,
            require_starttls=context is not None and not options.tls,
            authenticator=sign_in if options.login else None,
            auth_required=options.login is not None,
            # It looks for STARTTLS, and does not know of TLS from the beginning.
            auth_require_tls=context is not None and not options.tls,
            enable_SMTPUTF8=False,
        )

    loop = asyncio.get_running_loop()
    factory = asyncio.Protocol if options.silent else smtp
    server = await loop.create_server(factory, "127.0.0.1", 0, ssl=context if options.tls else None)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, ended.set)
    print("Serving SMTP on %s:%d" % server.sockets[0].getsockname(), flush=True)
    await ended.wait()
    with open(options.dump, "w") as dump:
        json.dump(mails, dump)


asyncio.run(serve())
