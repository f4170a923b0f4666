"""A certificate authority and a certificate for 127.0.0.1, made for one run."""

import datetime
import ipaddress
import ssl


def context_in(folder):
    """Writes ca.pem, server.pem and server.key into the folder; returns the context to serve with."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)

    def certificate(name, key, issuer, issuer_key, is_authority):
        builder = (x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(start)
                   .not_valid_after(start + datetime.timedelta(days=2))
                   .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True))
        if not is_authority:
            names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def named(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def write(name, data):
        (folder / name).write_bytes(data)

    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = certificate(named("test authority"), authority_key, named("test authority"), authority_key, True)
    leaf = certificate(named("127.0.0.1"), key, named("test authority"), authority_key, False)
    write("ca.pem", authority.public_bytes(serialization.Encoding.PEM))
    write("server.pem", leaf.public_bytes(serialization.Encoding.PEM))
    write("server.key", key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context
