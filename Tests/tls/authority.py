"""A certificate authority for tests, on the openssl command. Everything it makes lies in one directory."""

import base64
import pathlib
import subprocess

GOOD = """basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
"""
AUTHORITY = "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n"
CONFIGURATION = """[ca]
default_ca = it
[it]
database = {0}/{1}.index
new_certs_dir = {0}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = optional
organizationName = optional
[req]
distinguished_name = nobody
prompt = no
x509_extensions = authority
[nobody]
CN = nobody
[authority]
""" + AUTHORITY


def openssl(*arguments):
    subprocess.run(("openssl",) + arguments, check=True, capture_output=True, stdin=subprocess.DEVNULL)


class Authority:
    def __init__(self, directory, name="ca", alternative="DNS:no-host"):
        self.directory, self.name = pathlib.Path(directory), name
        (self.directory / f"{name}.index").touch()
        self.path("cnf").write_text(CONFIGURATION.format(directory, name))
        self.new_key(name)
        openssl("req", "-x509", "-config", str(self.path("cnf")), "-key", str(self.path("key")),
                "-subj", f"/O=ork tests/CN={name}", "-days", "2",
                "-addext", f"subjectAltName = {alternative}", "-out", str(self.path("pem")))

    def path(self, extension, name=None):
        return self.directory / f"{name or self.name}.{extension}"

    def new_key(self, name):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-out", str(self.path("key", name)))
        self.path("key", name).chmod(0o600)

    def sign(self, name, alternative, common="", extensions=GOOD, days=("-1", "+1"), by=None, chain=()):
        """Makes NAME.key and NAME.pem: the certificate, then those of `chain`.

        alternative: the subject's alternative name, or nothing for none.
        days: from and to, counted from today.
        by: the name of the certificate that signs; the authority itself by default.
        """
        self.new_key(name)
        request, made, extra = (self.path(kind, name) for kind in ("csr", "pem", "ext"))
        extra.write_text(extensions + (f"subjectAltName = {alternative}\n" if alternative else ""))
        openssl("req", "-new", "-config", str(self.path("cnf")), "-key", str(self.path("key", name)),
                "-subj", f"/O=ork tests/CN={common}" if common else "/O=ork tests", "-out", str(request))
        start, end = (subprocess.run(
            ["date", "-u", "-d", f"{day} days", "+%Y%m%d%H%M%SZ"], check=True, capture_output=True, text=True
        ).stdout.strip() for day in days)
        openssl("ca", "-batch", "-notext", "-config", str(self.path("cnf")), "-cert", str(self.path("pem", by)),
                "-keyfile", str(self.path("key", by)), "-in", str(request), "-extfile", str(extra),
                "-startdate", start, "-enddate", end, "-out", str(made))
        for other in chain:
            made.write_text(made.read_text() + self.path("pem", other).read_text())

    def spoil(self, name):
        """Changes the last byte of the certificate: a part of its signature."""
        first, rest = self.path("pem", name).read_text().split("-----END CERTIFICATE-----\n", 1)
        head, body = first.split("-----BEGIN CERTIFICATE-----\n")
        der = bytearray(base64.b64decode(body))
        der[-1] ^= 1
        self.path("pem", name).write_text(
            head + "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(bytes(der)).decode()
            + "-----END CERTIFICATE-----\n" + rest)
