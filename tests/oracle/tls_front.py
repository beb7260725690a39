#!/usr/bin/env python3
"""A balancer that speaks TLS, for `localhost`: what it is sent it passes on in plain, to one address.

    tls_front.py FOLDER HOST:PORT

Writes the certificate of its own authority to FOLDER/ca.pem, prints one line of JSON when it is ready, {"url"}, and serves until its
standard input ends, so that it cannot outlive who started it.
"""
import datetime
import json
import socket
import ssl
import sys
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(name, issuer=None):
    """A certificate for a name with its key, of an issuer or of itself, and good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    (issuer_name, issuer_key) = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    now = datetime.datetime.now(datetime.timezone.utc)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return built.sign(issuer_key, hashes.SHA256()), key


def pem(signed):
    return signed.public_bytes(serialization.Encoding.PEM)


def pass_on(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(plain, context, address):
    try:
        with context.wrap_socket(plain, server_side=True) as front, socket.create_connection(address) as back:
            there = threading.Thread(target=pass_on, args=(front, back), daemon=True)
            there.start()
            pass_on(back, front)
    except OSError:
        # A client that does not trust us is gone again.
        pass


def main():
    folder = Path(sys.argv[1])
    host, _, port = sys.argv[2].rpartition(":")
    authority = certificate("authority.example")
    leaf, key = certificate("localhost", authority)
    (folder / "ca.pem").write_bytes(pem(authority[0]))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = folder / "front.pem"
    chain.write_bytes(pem(leaf) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(chain)
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=serve, args=(plain, context, (host, int(port))), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(json.dumps({"url": f"https://localhost:{listener.getsockname()[1]}"}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
