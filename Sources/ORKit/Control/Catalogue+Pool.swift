// The pool and the upstream: why no key could serve, and what an upstream
// answer meant. Causes on the pool's side are never 401 or 402 (ruling 11).

extension CatalogueEntry {
    static let noUpstreamKey = CatalogueEntry(
        "No available API keys: the pool holds none that may be used", scope: .daemon, status: 503,
        text: """
            The pool is empty, or every key in it is disabled, broken or invalid, and none comes back by itself. \
            The request was not sent anywhere. Requests are refused until an operator adds or enables a key.
            """,
        hints: ["add a key:   orkctl keys add NAME", "see why none is usable:   orkctl keys list"])

    static let allKeysResting = CatalogueEntry(
        "No available API keys: all of them rest", scope: .daemon, status: 503,
        text: """
            Every key that could serve this model rests until a known time, because the upstream asked for a pause \
            or a failure was guessed to pass. Retry-After tells when the first one wakes. More keys of the same \
            account do not help: the upstream limits the account.
            """,
        hints: ["see until when:   orkctl keys list --state resting"])

    static let allKeysExhausted = CatalogueEntry(
        "No available API keys: all are out of credit, or at a limit or quota of their own", scope: .daemon,
        status: 503,
        text: """
            Every key that could serve this request has an account without credit, or has spent its own limit or \
            the quota that was set for it. They come back when credit is added, or when the window of the limit \
            or quota gives something back.
            """,
        hints: [
            "see which:   orkctl keys list --state exhausted",
            "after adding credit:   orkctl keys reset NAME",
        ])

    static let keyRejected = CatalogueEntry(
        "the upstream does not accept this key", scope: .key, status: 503,
        text: """
            The upstream answered 401 to this key. It is rested and checked again, because the upstream may be \
            the one in error; only a second refusal ten minutes later, while other keys work, makes it invalid. \
            Other keys are not affected.
            """,
        hints: [
            "ask the upstream now:   orkctl keys test NAME",
            "give it a new secret:   orkctl keys rotate NAME",
        ])

    static let accountCreditsOut = CatalogueEntry(
        "the account behind the key has no credit", scope: .account, status: 503,
        text: """
            The upstream answered 402 because the account's balance is used up. Every key of that account is out, \
            and no other account is. Add credit at the provider, or a key of another account.
            """,
        hints: [
            "after adding credit:   orkctl keys reset NAME",
            "use another account:   orkctl keys add NAME --account OTHER",
        ])

    static let keyLimitReached = CatalogueEntry(
        "the key has reached its own spending limit", scope: .key, status: 503,
        text: """
            The upstream answered that this key's own limit is spent, whatever the account still has. The key comes \
            back when its window begins anew or its limit is raised at the provider.
            """,
        hints: ["see its limit:   orkctl keys test NAME", "after raising it:   orkctl keys reset NAME"])

    static let upstreamRateLimited = CatalogueEntry(
        "the upstream limits the rate for this model", scope: .modelAtKey, status: 429,
        text: """
            The upstream answered 429 and no other account could serve. The model rests on the key until the stated \
            time, or for a guessed one. OpenRouter governs rates for the account, so another key of the same account \
            will not help.
            """,
        hints: ["see what rests:   orkctl keys list --state resting"])

    static let upstreamError = CatalogueEntry(
        "the upstream failed", scope: .modelAtProvider, status: 502,
        text: """
            The upstream answered with a server error, or with an error inside a successful answer, on every attempt \
            that was allowed. A key is blamed only when it fails while others succeed on the same model.
            """,
        hints: [
            "see the attempts:   orkctl explain ID", "see recent failures:   orkctl requests list --failed",
        ])

    static let upstreamUnreachable = CatalogueEntry(
        "no connection to the upstream", scope: .network, status: 502,
        text: """
            The name could not be resolved, no address took a connection, TLS failed, or the connection was reset \
            before an answer began. No key is blamed. Check the network, DNS and the configured upstream.
            """,
        hints: ["see the configured upstream:   orkctl config show"])

    static let upstreamSlow = CatalogueEntry(
        "the upstream did not answer in time", scope: .modelAtProvider, status: 504,
        text: """
            No answer began, or nothing followed, within the deadline. The attempt may have been billed. No key is \
            blamed.
            """,
        hints: ["see the deadlines:   orkctl config show"])

    static let upstreamTruncated = CatalogueEntry(
        "the upstream broke off in the middle of the answer", scope: .modelAtProvider, status: 502,
        text: """
            The connection ended before the answer was whole. What had arrived was passed on and the end was not \
            made to look complete; nothing is retried after a byte reached the caller.
            """,
        hints: ["see how far it came:   orkctl explain ID"])

    static let upstreamRedirect = CatalogueEntry(
        "the upstream answered with a redirect, which is never followed", scope: .provider, status: 502,
        text: """
            A redirect could carry a pool key to another host, so none is followed. The configured upstream \
            address is probably wrong: a missing s in https, or another host name.
            """,
        hints: ["see the configured upstream:   orkctl config show"])

    static let upstreamProtocol = CatalogueEntry(
        "the upstream's answer was not unambiguous HTTP", scope: .provider, status: 502,
        text: """
            The answer's head or framing could be read in more than one way, or was no HTTP at all. It was refused, \
            not repaired, and the connection was closed.
            """,
        hints: ["see the attempt:   orkctl explain ID"])

    static let upstreamAddressRefused = CatalogueEntry(
        "the upstream's name leads to an address that is not allowed", scope: .network, status: 502,
        text: """
            The address that DNS gave is private, local or otherwise not allowed for a public upstream. Nothing was \
            sent, so no key left this host.
            """,
        hints: ["see the configured upstream:   orkctl config show"])

    static let poolFloorReached = CatalogueEntry(
        "a pool has reached its floor: doubted keys stay in it", scope: .daemon, status: 503,
        text: """
            More keys of a pool look broken or rejected than may be kept out of it without an operator. Those above \
            the floor are not given up: they serve when no other key can, and are checked on. It ends by itself \
            when enough of them answer well, or when an operator disables, replaces or adds keys.
            """,
        hints: [
            "see which are doubted:   orkctl keys list --state suspect --state broken --state invalid",
            "see the floors:   orkctl pools list",
        ])
}
