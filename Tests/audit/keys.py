"""What detect-secrets looks for beside its own: the keys that ork handles."""

import re

from detect_secrets.plugins.base import RegexBasedDetector


class ProviderKeyDetector(RegexBasedDetector):
    """An OpenRouter key as it is issued, or a client key of ork's."""

    secret_type = "Provider or client key"
    denylist = [
        re.compile(r"sk-or-v1-[0-9a-f]{64}"),
        re.compile(r"gw_(?:live|staging)_[A-Za-z0-9]{32,}"),
    ]
