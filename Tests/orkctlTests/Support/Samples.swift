import Foundation
import ORKit

/// Things as a daemon would send them. Times are far in the past or the
/// future, so that they are shown as dates whenever the test runs.
enum Samples {
    static let key: KeyView = {
        var counters = KeyCounters()
        counters.attempts = 12_040
        counters.successes = 12_000
        counters.failures = 40
        counters.rateLimited = 31
        counters.promptTokens = 4_100_000
        counters.completionTokens = 900_000
        counters.costPico = 38_020_000_000_000
        return KeyView(
            id: KeyID(1), name: "main-1", state: .usable, until: nil, because: nil, evidence: nil,
            restingModels: [],
            masked: "sk-or-v1-…9c41", fingerprint: "0a1b2c3d4e5f", provider: "openrouter", account: "core",
            weight: 1,
            tags: ["team": "core"], metadata: ["tier": "pro"], enabled: true, disabledReason: nil,
            checked: true,
            inFlight: 31, counters: counters, latency: 412.5, addedAt: "2020-01-01T00:00:00Z",
            lastUsedAt: "2020-02-03T04:05:06Z", lastError: nil, lastErrorAt: nil, version: 7)
    }()

    static let restingKey: KeyView = {
        var key = Samples.key
        key.id = KeyID(2)
        key.name = "main-2"
        key.state = .resting
        key.until = "2099-01-01T00:00:00Z"
        key.because = "rate-limited"
        key.evidence = "429-body-reset: X-RateLimit-Reset 4070908800000"
        key.account = nil
        key.inFlight = 0
        key.masked = "sk-or-v1-…77ab"
        key.fingerprint = "ffeeddccbbaa"
        key.lastError = "429 Rate limit exceeded"
        key.lastErrorAt = "2020-02-03T04:05:07Z"
        key.restingModels = [.init(model: "openai/gpt-4o", until: "2099-01-01T00:00:00Z")]
        key.tags = [:]
        key.counters.costPico = 12_770_000_000_000
        return key
    }()

    static let account: AccountView = {
        var states = Dictionary(uniqueKeysWithValues: KeyState.allCases.map { ($0.rawValue, 0) })
        states["usable"] = 1
        states["exhausted"] = 2
        var account = AccountView(
            id: "user_2abc", known: true, name: "core", note: "pays by card", keys: 3, learntKeys: 2,
            byState: states,
            rests: [
                AccountView.Rest(
                    scope: .account, model: ":paid", because: "credits-out", until: nil,
                    since: "2020-02-03T04:05:06Z", stated: false, rule: "402-credits",
                    evidence: "Insufficient credits"),
                AccountView.Rest(
                    scope: .modelAtAccount, model: "v/m", because: "credits-out",
                    until: "2099-01-01T00:00:00Z", since: "2020-02-03T04:05:06Z", stated: true,
                    rule: "402-can-afford", evidence: "can only afford 12"),
            ], inFlight: 4, counters: key.counters, knownSince: "2020-01-01T00:00:00Z",
            lastUsedAt: "2020-02-03T04:05:06Z", version: 2,
            members: [
                AccountView.Member(
                    id: KeyID(1), name: "main-1", state: .usable, until: nil, because: nil, pool: "default",
                    learnt: true, inFlight: 4),
                AccountView.Member(
                    id: KeyID(2), name: "main-2", state: .exhausted, until: "2099-01-01T00:00:00Z",
                    because: "credits-out", pool: "default", learnt: true, inFlight: 0),
            ])
        let told = WallTime(rfc3339: "2020-02-03T04:05:06Z") ?? WallTime(milliseconds: 0)
        let limit = UpstreamLimit(
            at: told, rule: "429-free-tier-daily", limit: 50, left: 0,
            reset: WallTime(rfc3339: "2099-01-01T00:00:00Z"))
        account.shared = AccountView.Shared(
            UpstreamQuota.Free(limit: 50, used: 8, left: 42).map { (told, $0) }, [limit], at: told)
        return account
    }()

    static let nobodysKeys: AccountView = {
        var account = Samples.account
        (account.id, account.known) = ("unknown", false)
        (account.name, account.note, account.knownSince) = (nil, nil, nil)
        (account.members, account.shared) = (nil, nil)
        (account.keys, account.learntKeys, account.rests, account.version) = (1, 0, [], 0)
        account.byState = account.byState.mapValues { _ in 0 }
        account.byState["resting"] = 1
        return account
    }()

    static let quota: QuotaView = {
        var quota = QuotaView(id: KeyID(1), name: "main-1", state: .usable, pool: "default", version: 3)
        (quota.account, quota.capacity, quota.unit, quota.window) = ("core", .critical, .mixed, "daily")
        quota.requests = QuotaView.Count(limit: 1000, used: 780, left: 220)
        quota.tokens = QuotaView.Count(limit: 2_000_000, used: 1_200_000, left: 800_000)
        quota.reset = "2099-01-01T00:00:00Z"
        quota.forecast = try? JSONDecoder().decode(
            QuotaView.Forecast.self,
            from: Data(
                #"""
                {"unit":"requests","per_hour":97.5,"exhausted":"2098-12-31T22:00:00Z","risk":"critical",
                 "confidence":"high","uncertainty":0.04}
                """#.utf8))
        quota.restingModels = [KeyView.RestingModel(model: "v/m", until: "2099-01-01T00:00:00Z")]
        let asked = WallTime(rfc3339: "2020-02-03T04:05:06Z") ?? WallTime(milliseconds: 0)
        quota.upstream = QuotaView.Upstream(
            UpstreamQuota(
                at: asked, limit: Money(pico: 10 * Money.picoPerDollar),
                left: Money(pico: 3 * Money.picoPerDollar), used: Money(pico: 7 * Money.picoPerDollar),
                reset: .weekly, free: UpstreamQuota.Free(limit: 50, used: 8, left: 42)))
        return quota
    }()

    /// One with everything, and one of which little is known.
    static let models: [ModelOfferView] = {
        let asOf = WallTime(rfc3339: "2020-02-03T04:05:06Z") ?? WallTime(milliseconds: 0)
        var model = ModelOffer(id: "v/m-1", name: "V: M 1")
        (model.context, model.longestAnswer, model.longFrom) = (200_000, 64_000, 128_000)
        let usual: [Int64] = [3_000_000, 15_000_000, 300_000, 3_750_000, 15_000_000, 0, 4_800_000_000]
        let long: [Int64] = [6_000_000, 22_500_000, 600_000, 7_500_000, 22_500_000, 0, 4_800_000_000]
        model.prices = TokenPrices(numbers: usual) ?? TokenPrices()
        model.dearestLong = TokenPrices(numbers: long) ?? TokenPrices()
        return [model, ModelOffer(id: "openrouter/auto", name: "Auto")].map { ModelOfferView($0, asOf: asOf) }
    }()

    static let modelProvider: ModelProviderView = {
        var model = ModelOffer(id: "v/m-1")
        model.context = 200_000
        model.prices = TokenPrices(numbers: [3_000_000, 15_000_000, 1, 1, 1, 0, 0]) ?? TokenPrices()
        return ModelProviderView(name: "v", models: [model, ModelOffer(id: "v/m-2")])
    }()

    static let modelCache = ModelCacheView(
        models: 412, unread: 1, fetchedAt: WallTime(rfc3339: "2020-02-03T04:05:06Z"), ttlSeconds: 3600,
        failure: "connection refused",
        at: WallTime(rfc3339: "2020-02-03T07:05:06Z") ?? WallTime(milliseconds: 0))

    static let changes = [
        AuditView(
            id: 42, at: "2020-02-03T04:05:06Z", actor: "uid 1000", uid: 1000, gid: 1000, pid: 4711,
            action: "keys.set", target: "main-1", change: "account none → core, weight 1 → 3",
            fields: [
                .init(field: "account", before: nil, after: "core"),
                .init(field: "weight", before: "1", after: "3"),
            ]),
        AuditView(
            id: 41, at: "2020-02-03T04:05:05Z", actor: "orkd", action: "keys.add", target: "main-1",
            change: "", fields: []),
    ]

    static let limits = LimitView(
        subject: "client", id: 1, name: "billing-batch", shadow: false,
        limits: [
            LimitView.Limit(
                name: "requests_per_minute", limit: 60, used: 60, left: 0, reset: "2099-01-01T00:00:00Z"),
            LimitView.Limit(name: "tokens_per_day", limit: 1_000_000, used: 0, left: 1_000_000, reset: nil),
            LimitView.Limit(name: "concurrency", limit: 10, used: 3, left: 7, reset: nil),
        ], refused: 12, version: 4)

    static let budgets: [BudgetView] = {
        func budget(_ id: Int64, _ period: BudgetPeriod, hard: Bool, _ warnings: [Int]) -> Budget {
            Budget(
                id: BudgetID(id), subject: .everything, limit: Money(pico: 50 * Money.picoPerDollar),
                period: period, zone: "Europe/Berlin", isHard: hard, warnings: warnings)
        }
        let month = BudgetSpan(start: 1_580_511_600_000, end: 4_070_908_800_000)
        return [
            BudgetView(
                BudgetStanding(
                    budget: budget(3, .month, hard: true, [50, 80]),
                    spent: Money(pico: 12_345_678_900_000), held: Money(pico: 500_000_000_000), span: month),
                subject: "user", owner: "alice", version: 2),
            BudgetView(
                BudgetStanding(
                    budget: budget(4, .total, hard: false, []), spent: Money(pico: 51 * Money.picoPerDollar),
                    held: .zero, span: BudgetSpan(start: 0, end: nil)),
                subject: "all", owner: nil, version: 1),
        ]
    }()

    static let noQuota = QuotaView(id: KeyID(2), name: "main-2", state: .resting, pool: "free", version: 1)

    static let client = ClientView(
        id: ClientID(1), name: "billing-batch", enabled: true, disabledReason: nil, state: "usable",
        environment: "live", masked: "gw_live_…9c41", fingerprint: "aabbccddeeff",
        permissions: ["inference", "catalogue"], tags: ["team": "billing"], note: "nightly",
        expiresAt: "2099-02-19T00:00:00Z", addedAt: "2020-01-01T00:00:00Z", lastUsedAt: nil, requests: 1204,
        version: 3)

    static let boundClient: ClientView = {
        var client = Self.client
        client.permissions = ["chat.completions", "catalogue"]
        client.user = "alice"
        client.primary = true
        client.models = ["openai/*", "@preset/cheap"]
        client.endpoints = ["chat/completions"]
        client.addresses = ["10.0.0.0/8", "2001:db8::/32"]
        client.referrers = ["example.com"]
        client.maxRequests = 10_000
        client.requestsLeft = 8796
        return client
    }()

    static let user = UserView(
        id: UserID(1), name: "alice", email: "alice@example.com", authMethod: "email", enabled: true,
        disabledReason: nil, metered: true, subscription: "trial", trialEndsAt: "2099-02-19T00:00:00Z",
        preferences: #"{"theme":"dark"}"#, tags: ["team": "core"], note: "first", clients: 2,
        primary: "alice-web", requests: 1204, addedAt: "2020-01-01T00:00:00Z", version: 3)

    static let disabledUser = UserView(
        id: UserID(2), name: "bob", email: nil, authMethod: nil, enabled: false, disabledReason: "unpaid",
        metered: false, subscription: "ended", trialEndsAt: nil, preferences: nil, tags: [:], note: nil,
        clients: 0, primary: nil, requests: 0, addedAt: "2020-01-01T00:00:00Z", version: 1)

    /// Long enough for the guards to know it.
    static let clientSecret = "gw_live_4Zp8" + String(repeating: "x", count: 35)
    static let keySecret = "sk-or-v1-" + String(repeating: "0123456789abcdef", count: 4)

    static let request: RequestView = {
        var request = plainRequest
        request.user = "alice"
        request.userID = UserID(1)
        return request
    }()

    private static let plainRequest = RequestView(
        id: "1jq3k9x2m0a0r", startedAt: "2020-02-03T14:16:40.120Z", client: "billing-batch",
        clientID: ClientID(1),
        method: "POST", path: "/api/v1/chat/completions", model: "anthropic/claude-sonnet", stream: true,
        status: 200,
        code: nil, end: "complete",
        attempts: [
            AttemptView(
                key: "main-2", keyID: KeyID(2), chosen: "sticky", usable: 3, total: 3, status: 429,
                cause: "rate-limited", scope: .modelAtKey, rule: "429-body-reset",
                evidence: "X-RateLimit-Reset 4070908800000", until: "2099-01-01T00:00:00Z",
                startedMilliseconds: 0.2,
                milliseconds: 38),
            AttemptView(
                key: "old-1", keyID: KeyID(3), chosen: "least-recently-used", usable: 2, total: 3,
                status: 401,
                cause: "rejected", scope: .key, rule: "401", evidence: "No auth credentials found",
                until: nil,
                startedMilliseconds: 39, milliseconds: 12),
            AttemptView(
                key: "main-1", keyID: KeyID(1), chosen: "only-one", usable: 1, total: 3, status: 200,
                cause: "ok",
                scope: nil, rule: "ok", evidence: nil, until: nil, startedMilliseconds: 52, milliseconds: 1204
            ),
        ],
        bytesIn: 812, bytesOut: 20_480, firstByteMilliseconds: 61.5, milliseconds: 1256.4, usage: usage,
        generation: "gen-1")

    static let refusedRequest: RequestView = {
        var request = Samples.request
        request.id = "1jq3k9x2m0a0s"
        request.status = 503
        request.code = .noUpstreamKey
        request.end = "refused"
        request.candidates = ["usable": 0, "resting": 1200, "disabled": 1, "elsewhere": 3]
        request.attempts = []
        request.usage = UsageView(Usage(), quality: .none)
        request.generation = nil
        request.firstByteMilliseconds = nil
        request.milliseconds = 0.4
        return request
    }()

    private static let usage: UsageView = {
        var usage = Usage()
        usage.prompt = 120
        usage.completion = 480
        usage.total = 600
        usage.cost = Money(pico: 7_560_000_000)
        return UsageView(usage, quality: .exact)
    }()

    static func status(
        serving: String = "serving", conditions: [ConditionView] = [], release: String = API.release
    ) -> StatusReport {
        StatusReport(
            version: release, pid: 4242, uptimeSeconds: 777_600, serving: serving,
            listeners: ["127.0.0.1:8080"],
            socket: "/run/orkd/orkd.sock", auth: "required", upstream: "https://openrouter.ai/api/v1",
            strategy: .sticky,
            keys: .init(total: 7, byState: ["usable": 5, "resting": 1, "disabled": 1]),
            clients: .init(total: 14, usable: 13),
            traffic: .init(
                requests: 120_400, failed: 12, inFlight: 3, streams: 412, perSecond: 38.04, retries: 31,
                recordsDropped: 0),
            store: .init(
                path: "/var/lib/orkd/orkd.db", schema: 7, bytes: 96_000, behindMilliseconds: 3, synchronous: 2
            ),
            memoryBytes: 31_000_000, conditions: conditions)
    }

    static let resting = ConditionView(
        code: .upstreamRateLimited, severity: "warning", text: "main-2 rests until 2099 (429, Retry-After)",
        hint: nil,
        since: "2020-02-03T04:05:06Z")

    static let empty = ConditionView(
        code: .noUpstreamKey, severity: "error", text: "every request gets 503", hint: "orkctl keys add NAME",
        since: "2020-02-03T04:05:06Z")

    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(value)) ?? Data(), as: UTF8.self)
    }

    static func list<Item: Codable & Sendable>(_ schema: String, _ items: [Item], next: String? = nil)
        -> String
    {
        json(ListEnvelope(schema: schema, items: items, next: next))
    }

    static func item<Item: Codable & Sendable>(_ schema: String, _ item: Item) -> String {
        json(ItemEnvelope(schema: schema, item: item))
    }

    static func change<Item: Codable & Sendable>(
        _ schema: String, _ item: Item, _ outcome: String, changed: Bool = true, dryRun: Bool = false,
        warnings: [Remark] = []
    ) -> String {
        json(
            ChangeEnvelope(
                schema: schema, items: [Change(item: item, changed: changed, outcome: outcome)],
                dryRun: dryRun,
                warnings: warnings))
    }

    static func error(_ code: ErrorCode, _ message: String? = nil) -> String {
        json(CodedError(code, message).body)
    }
}
