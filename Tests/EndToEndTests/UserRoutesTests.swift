import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What users ask about themselves, and administrators about them, over HTTP:
/// S2's paths and answers.
@Suite("Routes of users") struct UserRoutesTests {
    private static let management = "manage-" + Canary.hexadecimal(32)

    private var options: DaemonOptions {
        var options = DaemonOptions()
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        return options
    }

    private func shell(_ line: String, _ daemon: DaemonFixture) async throws {
        let ran = try await daemon.orkctl(line.split(separator: " ").map(String.init))
        #expect(ran.status == 0, "\(line): \(ran.stderr)")
    }

    private func manager(_ daemon: DaemonFixture) -> Caller {
        daemon.watch(Canary(name: "the management key", secret: Self.management))
        return daemon.caller(key: Self.management)
    }

    /// A user and its first key.
    private func user(
        _ name: String, _ daemon: DaemonFixture, with members: [JSON.Member] = []
    ) async throws -> Caller {
        try await shell("users create \(name)", daemon)
        let secret = try await daemon.addClient(
            "\(name)-key", with: [.init("user", .string(name)), .init("primary", true)] + members)
        return daemon.caller(key: secret)
    }

    private func json(_ reply: Reply) throws -> JSON {
        #expect(reply.status == 200, "\(reply.text)")
        return try #require(reply.json)
    }

    private func names(_ json: JSON?) -> [String] {
        guard case .object(let members)? = json else { return [] }
        return members.map(\.name)
    }

    /// Whether it is a number with a fraction.
    private func isDecimal(_ json: JSON?) -> Bool {
        if case .number(let text)? = json { text.contains(".") } else { false }
    }

    private func isTime(_ json: JSON?) -> Bool {
        json?.text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil
    }

    private static let metrics = [
        "total_requests", "total_tokens", "total_cost", "requests_today", "tokens_today", "cost_today",
        "requests_this_month", "tokens_this_month", "cost_this_month", "average_tokens_per_request",
        "most_used_model", "last_request_time",
    ]
    private static let windows: [(String, Int64)] = [
        ("requests_per_minute", 60), ("requests_per_hour", 1000), ("requests_per_day", 10_000),
        ("tokens_per_minute", 10_000), ("tokens_per_hour", 100_000), ("tokens_per_day", 1_000_000),
    ]

    @Test(
        "monitor has the documented names and types, and its twelve numbers are those of a hand count",
        .proves("MN-01", "MN-02", "MN-03", "US-06", "CR-01", "RL-02"))
    func monitor() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon)
            let before = try json(try await alice.get("/user/monitor"))
            #expect(
                names(before) == [
                    "status", "timestamp", "user_id", "api_key", "current_credits", "usage_metrics",
                    "rate_limits",
                ])
            #expect(before["status"]?.text == "success" && isTime(before["timestamp"]))
            #expect(before["user_id"]?.integer == 1 && before["current_credits"]?.integer == 0)
            #expect(before["api_key"]?.text?.hasPrefix("gw_live_…") == true)
            let nothing = try #require(before["usage_metrics"])
            #expect(names(nothing) == Self.metrics)
            #expect(nothing["total_requests"]?.integer == 0 && nothing["total_tokens"]?.integer == 0)
            #expect(nothing["total_cost"]?.encoded == "0.00" && isDecimal(nothing["cost_today"]))
            #expect(nothing["average_tokens_per_request"]?.encoded == "0.0")
            #expect(
                nothing["most_used_model"]?.isNull == true && nothing["last_request_time"]?.isNull == true)
            let limits = try #require(before["rate_limits"])
            #expect(names(limits) == Self.windows.map(\.0))
            for (name, number) in Self.windows { #expect(limits[name]?.integer == number, "\(name)") }

            try await shell("credits add alice 1000000", daemon)
            let wide: JSON = ["user_id": 1, "rate_limits": ["tokens_per_minute": 100_000]]
            #expect(try await manager(daemon).post("/admin/limit", wide).status == 200)
            // 25, 14,900 and 75 tokens: 15,000 in all.
            for (model, prompt, completion) in [
                ("openai/gpt-4o-mini", 8, 17), ("deepseek/deepseek-r1-0528", 14_000, 900),
                ("openai/gpt-4o-mini", 50, 25),
            ] {
                daemon.mock.script(.everything, .ok(usage: (prompt, completion)))
                #expect(try await alice.chat(model: model).status == 200)
            }
            // Others' requests are others'.
            #expect(try await daemon.caller.chat(model: "v/other").status == 200)
            let after = try json(try await alice.get("/user/monitor"))
            #expect(after["current_credits"]?.integer == 985_000)
            let balance = try json(try await alice.get("/user/balance"))
            #expect(names(balance) == ["api_key", "credits", "status", "user_id"])
            #expect(balance["credits"]?.integer == 985_000 && balance["status"]?.text == "active")
            #expect(balance["user_id"]?.integer == 1)
            let metrics = try #require(after["usage_metrics"])
            for part in ["today", "this_month"] {
                #expect(metrics["requests_\(part)"]?.integer == 3)
                #expect(metrics["tokens_\(part)"]?.integer == 15_000)
                #expect(metrics["cost_\(part)"]?.encoded == "0.30")
            }
            #expect(metrics["total_requests"]?.integer == 3 && metrics["total_tokens"]?.integer == 15_000)
            #expect(metrics["total_cost"]?.encoded == "0.30")
            #expect(metrics["average_tokens_per_request"]?.encoded == "5000.0")
            #expect(metrics["most_used_model"]?.text == "openai/gpt-4o-mini")
            let last = try #require(metrics["last_request_time"])
            #expect(isTime(last))
            let time = try #require(try? Date(last.text ?? "", strategy: .iso8601))
            #expect((-5...30).contains(Date().timeIntervalSince(time)))

            // The same after a kill, where the sums are added up anew.
            try await daemon.kill9()
            try await daemon.start()
            let again = try json(try await daemon.caller(key: alice.key).get("/user/monitor"))
            #expect(again["usage_metrics"]?.encoded == metrics.encoded)
        }
    }

    @Test(
        "the usage of keys has the documented names and types, and nobody sees another's",
        .proves("CK-15", "CK-18", "MN-11", "US-10"))
    func keys() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let alice = try await user("alice", daemon, with: [.init("max_requests", 8)])
            let bob = try await user("bob", daemon)
            for name in ["alice", "bob"] { try await shell("credits add \(name) 1000000", daemon) }
            _ = try await daemon.addClient(
                "second",
                with: [.init("user", "alice"), .init("environment", "dev"), .init("expires", "90d")])
            for _ in 0..<3 { #expect(try await alice.chat().status == 200) }
            #expect(try await bob.chat().status == 200)
            let usage = try json(try await alice.get("/user/api-keys/usage"))
            #expect(names(usage) == ["user_id", "total_keys", "keys"])
            #expect(usage["user_id"]?.integer == 1 && usage["total_keys"]?.integer == 2)
            let keys = try #require(usage["keys"]?.elements)
            for key in keys {
                #expect(
                    names(key) == [
                        "key_id", "api_key", "key_name", "is_active", "is_primary", "requests_used",
                        "max_requests", "requests_remaining", "usage_percentage", "environment_tag",
                        "created_at", "last_used_at",
                    ])
            }
            let first = try #require(keys.first)
            #expect(first["key_name"]?.text == "alice-key" && first["environment_tag"]?.text == "live")
            #expect(first["is_active"]?.isTrue == true && first["is_primary"]?.isTrue == true)
            #expect(first["requests_used"]?.integer == 3 && first["max_requests"]?.integer == 8)
            #expect(first["requests_remaining"]?.integer == 5)
            #expect(first["usage_percentage"]?.encoded == "37.5")
            #expect(isTime(first["created_at"]) && isTime(first["last_used_at"]))
            let second = try #require(keys.last)
            #expect(second["environment_tag"]?.text == "development" && second["is_primary"]?.isTrue == false)
            #expect(second["requests_used"]?.integer == 0 && second["max_requests"]?.isNull == true)
            #expect(second["usage_percentage"]?.isNull == true && second["last_used_at"]?.isNull == true)
            let listed = try json(try await alice.get("/user/api-keys"))
            #expect(names(listed) == ["status", "total_keys", "keys"])
            let tagged = try #require(listed["keys"]?.elements?.last)
            #expect(
                names(tagged) == [
                    "id", "key_name", "api_key", "environment_tag", "scope_permissions", "is_active",
                    "is_primary", "expiration_date", "days_remaining", "max_requests", "requests_used",
                    "requests_remaining", "usage_percentage", "ip_allowlist", "domain_referrers",
                    "created_at", "last_used_at",
                ])
            #expect(tagged["days_remaining"]?.integer == 89 && isTime(tagged["expiration_date"]))
            #expect(
                tagged["scope_permissions"]?.encoded == #"{"read":["*"],"write":["*"],"admin":[]}"#)
            let others = try json(try await bob.get("/user/api-keys/usage"))
            #expect(others["user_id"]?.integer == 2 && others["total_keys"]?.integer == 1)
            #expect(
                try json(try await bob.get("/user/monitor"))["usage_metrics"]?["total_requests"]?.integer == 1
            )
        }
    }

    @Test(
        "a user's limits are shown with what is used of them, and an administrator's are in force",
        .proves("RL-01", "RL-03", "RL-04"))
    func limits() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let (alice, admin) = (try await user("alice", daemon), manager(daemon))
            try await shell("credits add alice 1000000", daemon)
            let before = try json(try await alice.get("/user/limit"))
            #expect(names(before["current_limits"]) == Self.windows.map(\.0))
            #expect(before["current_usage"]?["allowed"]?.isTrue == true)
            #expect(before["current_usage"]?["requests_per_minute"]?.integer == 0)
            for part in ["minute", "hour", "day"] { #expect(isTime(before["reset_times"]?[part]), "\(part)") }
            let body: JSON = [
                "api_key": .string(alice.key ?? ""),
                "rate_limits": [
                    "requests_per_minute": 2, "requests_per_hour": 500, "requests_per_day": 5000,
                    "tokens_per_minute": 9000, "tokens_per_hour": 90_000, "tokens_per_day": 900_000,
                ],
            ]
            let set = try json(try await admin.post("/admin/limit", body))
            #expect(set["status"]?.text == "success")
            #expect(set["rate_limits"]?.encoded == body["rate_limits"]?.encoded)
            for _ in 0..<2 { #expect(try await alice.chat().status == 200) }
            let refused = try await alice.chat()
            #expect(refused.status == 429 && refused.errorCode == "rate-limited")
            #expect(refused.errorMessage?.contains("the user's limit of 2 requests per minute") == true)
            let after = try json(try await alice.get("/user/limit"))
            #expect(after["current_usage"]?["allowed"]?.isTrue == false)
            #expect(after["current_usage"]?["reason"]?.text == "requests_per_minute is used up")
            #expect(after["current_usage"]?["requests_per_minute"]?.integer == 2)
            #expect(
                try json(try await alice.get("/user/monitor"))["rate_limits"]?.encoded
                    == after["current_limits"]?.encoded)
            // What is not named stays, also over a kill.
            _ = try json(
                try await admin.post(
                    "/admin/limit", ["user_id": 1, "rate_limits": ["requests_per_minute": 3]]))
            try await daemon.kill9()
            try await daemon.start()
            let kept = try json(try await daemon.caller(key: alice.key).get("/user/limit"))
            #expect(kept["current_limits"]?["requests_per_minute"]?.integer == 3)
            #expect(kept["current_limits"]?["tokens_per_day"]?.integer == 900_000)
            for (body, status) in [
                (["user_id": 1, "rate_limits": ["requests_per_year": 1]] as JSON, 400),
                (["user_id": 1, "rate_limits": ["requests_per_minute": 0]], 400),
                (["user_id": 77, "rate_limits": ["requests_per_minute": 1]], 404),
                (["rate_limits": ["requests_per_minute": 1]], 400),
            ] {
                #expect(
                    try await manager(daemon).post("/admin/limit", body).status == status,
                    "\(body.encoded)")
            }
        }
    }

    @Test(
        "credits are added once for each order, and the audit trail says by whom",
        .proves("CR-09"))
    func credits() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let (alice, admin) = (try await user("alice", daemon), manager(daemon))
            let key = JSON.string(alice.key ?? "")
            let body: JSON = ["api_key": key, "credits": 500]
            let added = try json(try await admin.post("/admin/add_credits", body))
            #expect(names(added) == ["status", "message", "new_balance", "user_id"])
            #expect(added["new_balance"]?.integer == 500 && added["user_id"]?.integer == 1)
            let order = [("Idempotency-Key", "order-7")]
            for _ in 0..<3 {
                let reply = try await admin.post("/admin/add_credits", body, headers: order)
                #expect(try json(reply)["new_balance"]?.integer == 1000)
            }
            let other = try await admin.post(
                "/admin/add_credits", ["api_key": key, "credits": 501], headers: order)
            #expect(other.status == 409 && other.errorCode == "duplicate")
            for (bad, status) in [
                (["api_key": key, "credits": -5] as JSON, 400), (["api_key": key, "credits": 0], 400),
                (["api_key": "gw_live_nobody", "credits": 5], 404), (["user_id": 9, "credits": 5], 404),
                (["api_key": key], 400), (["api_key": key, "credits": "5"], 400),
                (["api_key": key, "credits": 5, "more": 1], 400),
            ] {
                let reply = try await admin.post("/admin/add_credits", bad)
                #expect(reply.status == status, "\(reply.text)")
                #expect(reply.json?["detail"]?.text == reply.errorMessage)
            }
            #expect(try json(try await alice.get("/user/balance"))["credits"]?.integer == 1000)
            // An administrator's client key does as well, and is named.
            let ops = daemon.caller(
                key: try await daemon.addClient("ops", with: [.init("permissions", ["admin"])]))
            _ = try json(try await ops.post("/admin/add_credits", ["user_id": 1, "credits": 1]))
            let audit = try await daemon.orkctl("events", "--filter", "kind=audit", "-o", "json").items
            let moves = audit.filter { $0["event"]?.text == "credits.top-up" }
            #expect(moves.map { $0["by"]?.text } == ["management key", "management key", "client ops"])
            let all = try json(try await admin.get("/admin/balance"))
            #expect(all["total_users"]?.integer == 1)
            let row = try #require(all["users"]?.elements?.first)
            #expect(row["username"]?.text == "alice" && row["credits"]?.integer == 1001)
            #expect(row["api_key"]?.text?.hasPrefix("gw_live_…") == true)
        }
    }

    @Test("models are asked for anew, and the cache says how old it is", .proves("MD-04", "MD-05"))
    func models() async throws {
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            let admin = manager(daemon)
            let empty = try json(try await admin.get("/admin/cache-status"))
            #expect(names(empty) == ["status", "cache_info", "timestamp"])
            #expect(
                names(empty["cache_info"]) == [
                    "has_data", "cache_age_seconds", "ttl_seconds", "is_valid", "total_cached_models",
                ])
            #expect(empty["cache_info"]?["has_data"]?.isTrue == false)
            #expect(empty["cache_info"]?["cache_age_seconds"]?.isNull == true)
            let refreshed = try json(try await admin.post("/admin/refresh-models", [:]))
            #expect(names(refreshed) == ["status", "message", "total_models", "timestamp"])
            #expect(refreshed["total_models"]?.integer == Int64(MockModel.usual.count))
            let full = try json(try await admin.get("/admin/cache-status"))["cache_info"]
            #expect(full?["has_data"]?.isTrue == true && full?["is_valid"]?.isTrue == true)
            #expect(full?["total_cached_models"]?.integer == Int64(MockModel.usual.count))
            #expect(full?["cache_age_seconds"]?.integer != nil)
            #expect(daemon.mock.requests.count { $0.path.hasSuffix("/v1/models") } == 1)
        }
    }
}
