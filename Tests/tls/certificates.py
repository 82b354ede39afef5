#!/usr/bin/env python3
"""Makes the certificates of the data port's tests in a directory: ca, first, second, expired."""

import sys

sys.dont_write_bytecode = True

from authority import Authority

ca = Authority(sys.argv[1])
for name in ("first", "second"):
    ca.sign(name, "DNS:localhost, IP:127.0.0.1", common=name)
ca.sign("expired", "DNS:localhost, IP:127.0.0.1", days=("-3", "-1"))
print('{"made": true}')
