import ORKit

/// All settings, once: the reader, the environment, `config show`, the nearest
/// name, the manual and `.env.example` go by this table.
enum SettingsTable {
    static let all: [Setting] = proxy + deadlines + upstream + others

    static let named: [String: Setting] = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// `proxy`, `upstream`, … in the order of the table.
    static let sections: [String] = all.reduce(into: []) { list, setting in
        let section = String(setting.name.prefix { $0 != "." })
        if list.last != section { list.append(section) }
    }

    private static let second: Int64 = 1000
    private static let hour: Int64 = 3_600_000
    private static let kibibyte: Int64 = 1 << 10
    private static let mebibyte: Int64 = 1 << 20

    private static let proxy: [Setting] = [
        Setting(
            "proxy.listen", \.proxy.listen, .addresses,
            "Addresses of the data port. HOST and PORT together make a list of one."),
        Setting(
            "proxy.event_loops", \.proxy.eventLoops, .count(0...1024, automatic: true),
            "Event loops; “auto” is one per core."),
        Setting(
            "proxy.max_connections", \.proxy.maxConnections, .count(0...1_000_000, automatic: true),
            "Connections of callers at once; “auto” is what the limit on open files can serve."),
        Setting(
            "proxy.auth", \.proxy.auth, .word(),
            "Whether callers need a client key. “open” lets anybody in and is refused off the loopback address."
        ),
        Setting(
            "proxy.open_on_any_address", \.proxy.openOnAnyAddress, .boolean,
            "Second switch: allows auth = “open” on an address that other machines can reach."),
        Setting(
            "proxy.hsts", \.proxy.hsts, .boolean, variables: [EnvironmentAlias("ENABLE_HSTS")],
            "Sends Strict-Transport-Security; only where callers come by TLS."),
        Setting(
            "proxy.tls_certificate", \.proxy.tlsCertificate, .path(optional: true),
            "PEM file of the data port's certificate and its intermediates; callers then speak TLS."),
        Setting(
            "proxy.tls_key", \.proxy.tlsKey, .path(optional: true),
            "PEM file of the certificate's private key, which nobody else may read."),
        Setting(
            "proxy.metrics", \.proxy.metrics, .word(),
            "Who may read /metrics: nobody, client keys with the admin permission, or whoever reaches the port."
        ),
        Setting(
            "proxy.public_models", \.proxy.publicModels, .boolean,
            "Whether /models and /models/providers answer whoever reaches the data port."),
        Setting(
            "proxy.cors_origins", \.proxy.corsOrigins, .origins,
            variables: [EnvironmentAlias("CORS_ORIGINS"), EnvironmentAlias("ALLOWED_ORIGINS")],
            "Web pages, by origin, whose scripts may read answers; “*” is all, none by default."),
        Setting(
            "proxy.trusted_proxies", \.proxy.trustedProxies, .ranges,
            "Proxies whose X-Forwarded-For tells the caller's address; none by default."),
        Setting(
            "proxy.auth_failures", \.proxy.authFailures, .count(0...1_000_000),
            "Requests without a valid key from one address in a minute; more are answered 429. 0 is no limit."
        ),
        Setting(
            "proxy.body_limit", \.proxy.bodyLimit, .bytes(kibibyte...(4 << 30)),
            "Largest request body; more is answered 413."),
        Setting(
            "proxy.replay_limit", \.proxy.replayLimit, .bytes(0...(1 << 30)),
            "Bodies up to this are kept and can be sent again on another key."),
        Setting(
            "proxy.replay_memory", \.proxy.replayMemory, .bytes(mebibyte...(1 << 40)),
            "All kept bodies together; beyond it new requests are answered 503."),
        Setting(
            "proxy.memory_limit", \.proxy.memoryLimit, .bytes(0...(1 << 44), automatic: true),
            "Memory of orkd in all; near it new requests are answered 503. “auto” is three quarters of what there is."
        ),
        Setting(
            "proxy.max_messages", \.proxy.maxMessages, .count(0...1_000_000),
            "Most items of “messages” in a request; 0 is no limit."),
        Setting(
            "proxy.max_model_length", \.proxy.maxModelLength, .count(0...1024),
            "Most bytes of “model” in a request; 0 is no limit."),
        Setting(
            "proxy.max_metadata", \.proxy.maxMetadata, .count(0...1_000_000),
            "Most entries of “metadata” in a request; 0 is no limit."),
        Setting(
            "proxy.head_line", \.proxy.headLine, .bytes(kibibyte...mebibyte),
            "Longest line of a request head; more is answered 431."),
        Setting(
            "proxy.head_block", \.proxy.headBlock, .bytes(kibibyte...mebibyte),
            "Largest request head; more is answered 431."),
        Setting(
            "proxy.head_fields", \.proxy.headFields, .count(10...1000),
            "Most fields of a request head; more are answered 431."),
        Setting(
            "proxy.commit_hold", \.proxy.commitHold, .duration(0...(60 * second)),
            "How long an answer without data is held back while another key may still serve it."),
        Setting(
            "proxy.commit_bytes", \.proxy.commitBytes, .bytes(0...mebibyte),
            "How much of such an answer is held back at most."),
        Setting(
            "proxy.caller_gone", \.proxy.callerGone, .word(),
            "Whether an answer whose caller has left is cancelled, or read on for what it cost."),
        Setting(
            "proxy.drain_time", \.proxy.drainTime, .duration(100...hour),
            "How long such an answer is read on at most."),
        Setting(
            "proxy.drain_bytes", \.proxy.drainBytes, .bytes(0...(1 << 30)),
            "How much of it is read at most."),
        Setting(
            "proxy.drains", \.proxy.drains, .count(1...100_000),
            "How many of them are read at once; the others are cancelled."),
    ]

    private static let deadlines: [Setting] = [
        Setting(
            "proxy.request_head", \.proxy.requestHead, .duration(100...(10 * 60 * second)),
            "To receive a whole request head."),
        Setting(
            "proxy.body_idle", \.proxy.bodyIdle, .duration(100...hour),
            "Longest silence inside a request body."),
        Setting(
            "proxy.write_idle", \.proxy.writeIdle, .duration(100...hour),
            "How long a caller may take nothing of its answer."),
        Setting(
            "proxy.keep_alive", \.proxy.keepAlive, .duration(0...hour),
            "How long an idle connection of a caller is kept."),
        Setting(
            "proxy.stream_idle", \.proxy.streamIdle, .duration(100...(24 * hour)),
            "Longest silence of the upstream inside an answer."),
        Setting(
            "proxy.heartbeat", \.proxy.heartbeat, .duration(0...hour),
            "Silence after which a stream gets a comment; “0s” switches it off."),
    ]

    private static let upstream: [Setting] = [
        Setting(
            "upstream.base_url", \.upstream.baseURL, .baseURL,
            variables: [EnvironmentAlias("OPENROUTER_BASE_URL")],
            "Where requests go; with or without /v1 and a slash at the end."),
        Setting(
            "upstream.connect", \.upstream.connect, .duration(100...(10 * 60 * second)),
            "To connect, TLS included."),
        Setting(
            "upstream.head", \.upstream.head, .duration(second...(24 * hour)),
            "To the head of the answer."),
        Setting(
            "upstream.keep_alive", \.upstream.keepAlive, .duration(0...hour),
            "How long an idle connection to the upstream is kept."),
        Setting(
            "upstream.models_every", \.upstream.modelsEvery, .duration(0...32 * 24 * hour), changeable: true,
            "The list of models is asked for anew when it is older; “0s” is only when somebody wants it."),
        Setting(
            "upstream.prices", \.upstream.prices, .prices, changeable: true,
            "What models cost in USD for a million tokens, in place of what the upstream's list says."),
        Setting(
            "upstream.fetch_usage", \.upstream.fetchUsage, .boolean, changeable: true,
            "Asks the upstream for its record of answers that did not state what they cost."),
        Setting(
            "upstream.site_url", \.upstream.siteURL, .headerText,
            variables: [EnvironmentAlias("OPENROUTER_SITE_URL"), EnvironmentAlias("HTTP_REFERER")],
            "Sent as HTTP-Referer when the caller sent none."),
        Setting(
            "upstream.site_name", \.upstream.siteName, .headerText,
            variables: [EnvironmentAlias("OPENROUTER_SITE_NAME"), EnvironmentAlias("SITE_NAME")],
            "Sent as X-Title when the caller sent none."),
        Setting(
            "upstream.private_addresses", \.upstream.privateAddresses, .boolean,
            "Allows the upstream's name to resolve to this machine or a private network."),
        Setting(
            "upstream.ca_file", \.upstream.caFile, .path(optional: true),
            "PEM file of the certificates to trust instead of the system's."),
    ]

    private static let others: [Setting] = [
        Setting(
            "pool.strategy", \.pool.strategy, .word(), changeable: true,
            "How a key is chosen; “orkctl config set strategy” overrides it and is remembered."),
        Setting(
            "pool.default_cooldown", \.pool.defaultCooldown, .duration(second...hour), changeable: true,
            variables: [.seconds("APIKEYROUTER_DEFAULT_COOLDOWN_SECONDS")],
            "First rest of a limited key when the upstream stated none; doubles up to 1h."),
        Setting(
            "pool.breaker_cooldown", \.pool.breakerCooldown, .duration(second...hour), changeable: true,
            "First rest of a broken key before one request tries it; doubles up to 1h while that fails."),
        Setting(
            "pool.rejection_confirmed_after", \.pool.rejectionConfirmedAfter, .duration(second...24 * hour),
            changeable: true,
            "A key rejected with 401 is given up when it is rejected again after this, others serving."),
        Setting(
            "pool.report_every", \.pool.reportEvery, .duration(0...32 * 24 * hour), changeable: true,
            "Every enabled key is asked about once in this time, at no cost; “0s” is never."),
        Setting(
            "pool.attempts", \.pool.attempts, .count(1...10), changeable: true,
            "Tries of one request that may be charged, the first included; free ones do not count."),
        Setting(
            "pool.queue_wait", \.pool.queueWait, .duration(0...hour), changeable: true,
            "How long a request may wait for a key instead of being refused; 0s refuses it at once."),
        Setting(
            "pool.queue_length", \.pool.queueLength, .count(1...100_000), changeable: true,
            "Requests that may wait at once; one more is refused."),
        Setting(
            "pool.queue_per_client", \.pool.queuePerClient, .count(1...100_000), changeable: true,
            "Requests of one client that may wait at once."),
        Setting(
            "state.mode", \.state.mode, .word(),
            "“file” keeps everything in SQLite; “memory” forgets everything at the end."),
        Setting(
            "state.directory", \.state.directory, .path(),
            "Directory of the database; it must belong to orkd's user alone."),
        Setting(
            "state.request_days", \.state.requestDays, .count(1...3650), changeable: true,
            variables: [EnvironmentAlias("LOG_RETENTION_DAYS")],
            "How long request records are kept."),
        Setting(
            "state.request_bytes", \.state.requestBytes, .bytes(mebibyte...(1 << 40)), changeable: true,
            "How much of them is kept; whichever is reached first."),
        Setting(
            "state.request_count", \.state.requestCount, .count(0...1_000_000_000), changeable: true,
            variables: [EnvironmentAlias("APIKEYROUTER_MAX_DECISIONS")],
            "How many of them are kept, the newest; 0 is no limit."),
        Setting(
            "state.transition_count", \.state.transitionCount, .count(0...1_000_000_000), changeable: true,
            variables: [EnvironmentAlias("APIKEYROUTER_MAX_TRANSITIONS")],
            "How many changes of keys' states are kept, the newest of all keys; 0 is no limit."),
        Setting(
            "state.ledger_days", \.state.ledgerDays, .count(1...36_500), changeable: true,
            "How long the ledger's postings are kept; what they came to is kept for ever."),
        Setting(
            "state.ledger_bytes", \.state.ledgerBytes, .bytes(65_536...(1 << 40)), changeable: true,
            "How much of them is kept; whichever is reached first."),
        Setting(
            "state.event_count", \.state.eventCount, .count(0...1_000_000_000), changeable: true,
            "How many events are kept that are in no other table, the newest; 0 is no limit."),
        Setting(
            "control.socket", \.control.socket, .path(), variables: [EnvironmentAlias("ORKD_SOCKET")],
            "Unix socket of the control API, at most 107 bytes long."),
        Setting(
            "control.admin_group", \.control.adminGroup, .group,
            "Members may do everything over the socket; root and orkd's own user always may."),
        Setting(
            "control.viewer_group", \.control.viewerGroup, .group,
            "Members may read over the socket; empty is nobody."),
        Setting(
            "trial.enforce", \.trial.enforce, .boolean,
            "Refuses the clients of users whose trial is over; by default its end is only shown."),
        Setting(
            "credits.price", \.credits.price, .dollars(upTo: 1_000_000),
            "What a million credits are sold for, in USD: what users are shown as cost."),
        Setting(
            "credits.stream_chunk", \.credits.streamChunk, .boolean,
            "Whether users are told in a last event of chat streams what it cost them; else in a comment."),
        Setting(
            "registration.enabled", \.registration.enabled, .boolean,
            "Whether anybody can become a user with POST /auth/register."),
        Setting(
            "registration.credits", \.registration.credits, .count(0...1_000_000_000),
            "What such users begin with, whatever they ask for."),
        Setting(
            "log.level", \.log.level, .word(synonyms: ["warn": .warning, "fatal": .critical]),
            changeable: true,
            variables: [EnvironmentAlias("APIKEYROUTER_LOG_LEVEL"), .ifTrue("DEBUG", "debug")],
            "The least severe lines that are logged."),
    ]
}
