// The caller and its message: refusals that are the caller's to correct.

extension CatalogueEntry {
    static let clientUnknown = CatalogueEntry(
        "the client key is not valid", scope: .client, status: 401,
        text: """
            No client has this key. The answer is the same for every unknown key and costs no database access. The \
            key may have been rotated, removed, or cut off when it was copied.
            """,
        hints: ["issue one:   orkctl clients add NAME", "see which exist:   orkctl clients list"])

    static let clientDisabled = CatalogueEntry(
        "the client is disabled", scope: .client, status: 401,
        text:
            "An operator has disabled this client. Its key is right and will work again once it is enabled.",
        hints: ["enable it:   orkctl clients enable NAME", "see the reason:   orkctl clients show NAME"])

    static let clientExpired = CatalogueEntry(
        "the client key has expired", scope: .client, status: 401,
        text: "The client's expiry time has passed. Extend it, or issue a new key for it.",
        hints: [
            "extend it:   orkctl clients set NAME --expires 90d",
            "issue a new key:   orkctl clients rotate NAME",
        ])

    static let tooManyFailures = CatalogueEntry(
        "too many requests without a valid client key came from this address", scope: .client, status: 429,
        text: """
            More requests of one IPv4 address, or of one /64 of IPv6, had no valid key within a minute than \
            proxy.auth_failures allows. A valid key is served all the same, also at that address. The log and the \
            audit trail count the attempts once a minute.
            """,
        hints: [
            "see who tries:   orkctl audit --action callers.refused",
            "issue a key:   orkctl clients add NAME",
        ])

    static let rateLimited = CatalogueEntry(
        "a rate limit of the client or of its user is reached", scope: .client, status: 429,
        text: """
            An operator has set how many requests or tokens the client may use in a minute, an hour or a day, in one \
            second, or at the same time. The message names the limit; Retry-After says when the same request will be \
            let in if nothing else comes. It is absent where the request alone needs more than the limit.
            """,
        hints: [
            "see what is left:   orkctl limits show NAME", "change it:   orkctl limits set NAME --rpm 100",
        ])

    static let credentialMissing = CatalogueEntry(
        "no client key was sent", scope: .client, status: 401,
        text: """
            The request had neither Authorization: Bearer, nor x-api-key, nor X-Client-API-Key. Give the SDK a \
            client key where it asks for an API key.
            """,
        hints: ["issue one:   orkctl clients add NAME"])

    static let credentialConflict = CatalogueEntry(
        "two different credentials were sent", scope: .client, status: 400,
        text: """
            Authorization and x-api-key were both present and differ, or one of them came twice. Which one was meant \
            cannot be known, so neither was used. Send one, or X-Client-API-Key, which alone decides.
            """)

    static let credentialInQuery = CatalogueEntry(
        "a credential was sent in the query", scope: .client, status: 400,
        text: """
            Queries end up in logs of every hop, so credentials are not accepted there. The value was not logged \
            here; consider it leaked elsewhere. Send it as Authorization: Bearer.
            """,
        hints: ["replace the key:   orkctl clients rotate NAME"])

    static let pathNotPermitted = CatalogueEntry(
        "this client may not use this path", scope: .client, status: 403,
        text: """
            The path needs a permission that the client does not have. Account paths need admin, paths unknown to \
            ork need passthrough.
            """,
        hints: [
            "see its permissions:   orkctl clients show NAME",
            "grant one:   orkctl clients set NAME --permission inference --permission passthrough",
        ])

    static let pathUnknown = CatalogueEntry(
        "there is nothing at this path", scope: .request, status: 404,
        text:
            "The path is neither a page of this server nor below one of the API prefixes /v1, /openrouter, /api/v1."
    )

    static let pathReserved = CatalogueEntry(
        "this path is reserved for management and not there yet", scope: .request, status: 501,
        text:
            "The path belongs to the management API and is never passed upstream. This release has nothing there."
    )

    static let creditsInsufficient = CatalogueEntry(
        "the user's credits do not cover this request", scope: .client, status: 402, exit: 5,
        text: """
            The request may cost more than its user has left besides what running requests hold. A stated max_tokens \
            must be covered in full; a request without one begins as long as anything is left.
            """,
        hints: ["see the balance:   orkctl credits list USER", "add some:   orkctl credits add USER CREDITS"])

    static let creditsExhausted = CatalogueEntry(
        "the user's credits were used up in the middle of the answer", scope: .client, status: 402,
        text: """
            A stream without max_tokens holds credits step by step. When there were none left it was ended, with this \
            error as its last event; what had come was charged.
            """,
        hints: ["add some:   orkctl credits add USER CREDITS"])

    static let budgetSpent = CatalogueEntry(
        "a budget does not cover this request", scope: .client, status: 402,
        text: """
            What upstream accounts may be debited for this client, its user, or all together in a period is spent, or \
            the request may cost more than is left besides what running requests hold. It was not sent upstream. \
            Where the budget of all is meant the status is 503: the caller cannot help it.
            """,
        hints: [
            "see what is spent:   orkctl budgets list",
            "allow more:   orkctl budgets set user:NAME/month --limit USD",
        ])

    static let modelNotPermitted = CatalogueEntry(
        "this client may not use this model", scope: .client, status: 403,
        text: """
            The client is restricted to certain models, and a model that could answer is not among them: the one \
            that is asked for, one of its fallbacks, or whatever the upstream would choose where none is named. \
            Presets, aliases and routers need an entry that is exactly their name.
            """,
        hints: [
            "see what it may:   orkctl clients show NAME",
            "let it use another one:   orkctl clients set NAME --allow-model MODEL --allow-model OTHER",
        ])

    static let addressNotPermitted = CatalogueEntry(
        "this client may not call from this address", scope: .client, status: 403,
        text: """
            The client is restricted to certain addresses, and the request came from another one. Behind a proxy \
            the caller's own address counts only if the proxy is named in proxy.trusted_proxies.
            """,
        hints: [
            "see what it may:   orkctl clients show NAME",
            "allow the address:   orkctl clients set NAME --allow-ip RANGE --allow-ip OTHER",
        ])

    static let referrerNotPermitted = CatalogueEntry(
        "this client may not be used from this page", scope: .client, status: 403,
        text: """
            The client is restricted to the pages of certain domains, and neither Origin nor Referer says that the \
            request comes from one of them.
            """,
        hints: [
            "see what it may:   orkctl clients show NAME",
            "allow the domain:   orkctl clients set NAME --allow-referrer DOMAIN --allow-referrer OTHER",
        ])

    static let requestCapReached = CatalogueEntry(
        "this client has made all the requests that it may", scope: .client, status: 429,
        text: """
            The client was given a number of requests, and they are used up. Waiting does not help; a larger number \
            lets it call again at once.
            """,
        hints: [
            "see what is left:   orkctl clients show NAME",
            "give it more:   orkctl clients set NAME --max-requests N",
        ])

    static let trialOver = CatalogueEntry(
        "the trial of this client's user is over", scope: .client, status: 402,
        text: """
            The user's subscription is a trial whose end has passed, and trial.enforce is on. Its clients are let in \
            again when the subscription is active or the trial ends later.
            """,
        hints: [
            "let it go on:   orkctl users set NAME --subscription active",
            "see when it ended:   orkctl users show NAME",
        ])

    static let noClient = CatalogueEntry(
        "nobody can call yet: there is no client that may", scope: .client, status: 200, exit: 0,
        text: """
            No client key was issued, or every client is disabled or expired, so every request is answered 401. The \
            daemon itself is well.
            """,
        hints: ["issue a client key:   orkctl clients add NAME", "see which exist:   orkctl clients list"])

    static let openMode = CatalogueEntry(
        "every caller is let in without a client key", scope: .daemon, status: 200, exit: 0,
        text: """
            Open mode was switched on in the configuration: whoever reaches the address spends the pool's money, and \
            nobody can be told apart. It is meant for one person on one machine.
            """,
        hints: ["see the setting:   orkctl config show"])

    static let badRequest = CatalogueEntry(
        "the request is not unambiguous HTTP", scope: .request, status: 400, exit: 65,
        text: """
            The request's head or framing could be read in more than one way, so it was refused instead of repaired, \
            and the connection is closed. The cause is the sending program or a proxy in between.
            """)

    static let badBody = CatalogueEntry(
        "the body is not valid", scope: .request, status: 400, exit: 65,
        text:
            "The body is not the JSON it claims to be, is nested too deeply, or names a field that decides twice."
    )

    static let badPath = CatalogueEntry(
        "the path is not valid", scope: .request, status: 400, exit: 64,
        text: """
            The path has encoded separators, dot segments, control bytes or broken percent signs, so different \
            programs would read it differently.
            """)

    static let badObjective = CatalogueEntry(
        "the objective is not valid", scope: .request, status: 400, exit: 64,
        text: """
            X-ORK-Objective came twice, or is neither an aim nor aims with their weights: availability, reliability, \
            fairness, latency, quality, cost; latency=0.7,fairness=0.3. A weight is from 0 to 1 with at most three \
            decimals. The request was not sent anywhere.
            """,
        hints: ["see whom it would choose:   orkctl explain --dry-run --objective latency"])

    static let headTooLarge = CatalogueEntry(
        "the request's head is too large", scope: .request, status: 431,
        text: "The request line and headers together, or one of them, exceed the limit.",
        hints: ["see the limits:   orkctl config show"])

    static let bodyTooLarge = CatalogueEntry(
        "the request's body is too large", scope: .request, status: 413,
        text: "The body exceeds the limit; it was not sent upstream. Large files belong in an upload by URL.",
        hints: ["see the limits:   orkctl config show"])

    static let methodNotAllowed = CatalogueEntry(
        "this method is not allowed here", scope: .request, status: 405,
        text: "The path exists, but not with this method. Allow names those that are.")

    static let expectationFailed = CatalogueEntry(
        "only 100-continue may be expected", scope: .request, status: 417,
        text:
            "The Expect header asked for something other than 100-continue, which this server does not know.")

    static let versionNotSupported = CatalogueEntry(
        "only HTTP/1.1 and HTTP/1.0 are spoken here", scope: .request, status: 505,
        text: "The request line names another version of HTTP.")

    static let requestTimeout = CatalogueEntry(
        "the request did not arrive in time", scope: .request, status: 408, exit: 75,
        text:
            "The head or the next part of the body stayed away longer than the deadline, and the connection is closed.",
        hints: ["see the deadlines:   orkctl config show"])
}
