import Foundation
import MockUpstream
import ORKTestSupport
import Testing

/// What requests cost the users of a running daemon.
@Suite("Credits") struct CreditTests {
    private static let management = "manage-" + Canary.hexadecimal(32)
    /// 8 and 17 tokens, as in S2's sample.
    private static let answer = Act.ok(usage: (8, 17))

    private func run(
        _ options: DaemonOptions = DaemonOptions(), _ body: (DaemonFixture) async throws -> Void
    ) async throws {
        var options = options
        options.environment["ORKD_MANAGEMENT_KEY"] = Self.management
        try await withDaemon(options) { (daemon: DaemonFixture) async throws in
            daemon.watch(Canary(name: "the management key", secret: Self.management))
            daemon.mock.always(.everything, Self.answer)
            try await body(daemon)
        }
    }

    /// A user with so many credits, whom limits do not stop, and its key.
    private func user(_ name: String, credits: Int, _ daemon: DaemonFixture) async throws -> Caller {
        #expect(try await daemon.orkctl("users", "create", name).status == 0)
        if credits > 0 {
            #expect(try await daemon.orkctl("credits", "add", name, String(credits)).status == 0)
        }
        let secret = try await daemon.addClient("\(name)-key", with: [.init("user", .string(name))])
        let wide: JSON = [
            "api_key": .string(secret),
            "rate_limits": [
                "requests_per_minute": 100_000, "requests_per_hour": 100_000,
                "tokens_per_minute": 100_000_000, "tokens_per_hour": 100_000_000,
                "tokens_per_day": 100_000_000,
            ],
        ]
        let limited = try await daemon.caller(key: Self.management).post("/admin/limit", wide)
        #expect(limited.status == 200, "\(limited.text)")
        return daemon.caller(key: secret)
    }

    private func balance(_ caller: Caller) async throws -> Int64? {
        try await caller.get("/user/balance").json?["credits"]?.integer
    }

    /// What a user's requests came to.
    private func usage(_ name: String, _ daemon: DaemonFixture) async throws -> JSON {
        let ran = try await daemon.orkctl("usage", "--by", "user", "-o", "json")
        return try #require(ran.items.first { $0["name"]?.text == name }, "\(ran.stderr)")
    }

    private func names(_ json: JSON?) -> [String] {
        guard case .object(let members)? = json else { return [] }
        return members.map(\.name)
    }

    /// A request that states how long its answer may become.
    private static func bounded(_ tokens: Int64) -> JSON {
        var body = Caller.chatBody()
        body["max_tokens"] = JSON(tokens)
        return body
    }

    /// So many of the same request at once.
    private func atOnce(_ count: Int, _ caller: Caller, _ body: JSON) async throws -> [Reply] {
        try await withThrowingTaskGroup(of: Reply.self) { group in
            for _ in 0..<count {
                group.addTask { try await caller.post("/v1/chat/completions", body) }
            }
            return try await group.reduce(into: [Reply]()) { $0.append($1) }
        }
    }

    @Test(
        "a call of 8 and 17 tokens takes 25 credits, says so, and four of them empty a balance of 100",
        .proves("CR-02", "CR-03", "CR-04"))
    func charged() async throws {
        try await run { daemon in
            let alice = try await user("alice", credits: 1000, daemon)
            let reply = try await alice.chat()
            #expect(reply.status == 200 && reply.json?["usage"]?["total_tokens"]?.integer == 25)
            let told = reply.json?["gateway_usage"]
            #expect(names(told) == ["tokens_charged", "user_balance_after", "user_api_key"])
            #expect(told?["tokens_charged"]?.integer == 25)
            #expect(told?["user_balance_after"]?.integer == 975)
            let shown = try #require(try await alice.get("/user/balance").json)
            #expect(shown["credits"]?.integer == 975)
            let masked = try #require(told?["user_api_key"]?.text)
            #expect(masked == shown["api_key"]?.text && masked != alice.key)
            #expect(masked.hasPrefix("gw_live_"))
            // Who pays nothing is told nothing.
            #expect(try await daemon.caller.chat().json?["gateway_usage"] == nil)

            let bob = try await user("bob", credits: 100, daemon)
            let before = daemon.relayed.count
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try await bob.chat().status) }
            #expect(statuses == [200, 200, 200, 200, 402, 402])
            #expect(daemon.relayed.count - before == 4)
            #expect(try await balance(bob) == 0)
            #expect(try await usage("bob", daemon)["credits"]?.integer == 100)
            #expect(try await usage("alice", daemon)["total_tokens"]?.integer == 25)
        }
    }

    @Test(
        "fifty at once on a balance of 100: one to four are served, and it never falls below zero",
        .proves("CR-07"))
    func fifty() async throws {
        try await run { daemon in
            let alice = try await user("alice", credits: 100, daemon)
            let replies = try await atOnce(50, alice, Caller.chatBody())
            let served = replies.filter { $0.status == 200 }
            #expect((1...4).contains(served.count) && daemon.relayed.count == served.count)
            #expect(replies.allSatisfy { $0.status == 200 || $0.status == 402 })
            let after = served.compactMap { $0.json?["gateway_usage"]?["user_balance_after"]?.integer }
            #expect(after.count == served.count && after.allSatisfy { $0 >= 0 })
            #expect(try await balance(alice) == 100 - 25 * Int64(served.count))
            // What is left serves further calls, to the same end.
            while try await alice.chat().status == 200 {}
            #expect(try await balance(alice) == 0 && daemon.relayed.count == 4)
        }
    }

    @Test(
        "of 200 strict requests at once on a balance that covers one, one comes upstream",
        .proves("CR-07"))
    func oneOfMany() async throws {
        try await run { daemon in
            let body = Self.bounded(300)
            let worth = Int64(body.encoded.utf8.count) + 300
            let alice = try await user("alice", credits: Int(worth), daemon)
            let gate = Gate()
            daemon.mock.always(.everything, Self.answer.after(gate))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask { try await alice.post("/v1/chat/completions", body).status }
                }
                var statuses: [Int] = []
                for try await status in group {
                    statuses.append(status)
                    // The one that is served ends when all others have been refused.
                    if statuses.count == 199 { gate.open() }
                }
                return statuses
            }
            #expect(statuses.prefix(199).allSatisfy { $0 == 402 } && statuses.last == 200)
            #expect(daemon.relayed.count == 1)
            #expect(try await balance(alice) == worth - 25)
        }
    }

    @Test(
        "under load every balance that an answer tells is one that there was, the last is the user's",
        .proves("CR-04"))
    func underLoad() async throws {
        try await run { daemon in
            let alice = try await user("alice", credits: 100_000, daemon)
            let replies = try await atOnce(60, alice, Self.bounded(20))
            #expect(replies.allSatisfy { $0.status == 200 })
            let told = replies.compactMap { $0.json?["gateway_usage"]?["user_balance_after"]?.integer }
            #expect(told.sorted(by: >) == (1...60).map { 100_000 - 25 * Int64($0) })
            #expect(try await balance(alice) == told.min())
        }
    }

    @Test(
        "a stream costs what its last chunk states, and tells it in a chunk without choices before its end",
        .proves("CR-05"))
    func streamed() async throws {
        try await run { daemon in
            let alice = try await user("alice", credits: 10_000, daemon)
            let reply = try await alice.chat(stream: true)
            #expect(reply.complete && reply.events.last == "[DONE]")
            let chunks = reply.events.dropLast().compactMap { JSON(parsing: $0) }
            #expect(chunks.count == reply.events.count - 1)
            let last = try #require(chunks.last)
            #expect(last["object"]?.text == "chat.completion.chunk")
            #expect(last["choices"]?.elements?.count == 0)
            #expect(last["id"]?.text == chunks.first?["id"]?.text)
            #expect(
                names(last["gateway_usage"]) == ["tokens_charged", "user_balance_after", "user_api_key"])
            #expect(last["gateway_usage"]?["tokens_charged"]?.integer == 25)
            #expect(last["gateway_usage"]?["user_balance_after"]?.integer == 9975)
            #expect(chunks.dropLast().allSatisfy { $0["gateway_usage"] == nil })
            #expect(try await balance(alice) == 9975)

            // One that never says what it cost is charged by an estimate, and labelled.
            daemon.mock.script(.everything, .stream(chunks: 5) { $0.usage = .absent })
            #expect(try await alice.chat(stream: true).complete)
            let sum = try await usage("alice", daemon)
            #expect(sum["estimated"]?.integer == 1)
            let credits = try #require(sum["credits"]?.integer)
            #expect(credits > 25 && credits == sum["total_tokens"]?.integer)
            #expect(try await balance(alice) == 10_000 - credits)
        }
    }

    @Test("where no event of ours is wanted in a stream, a comment tells what it cost", .proves("CR-05"))
    func commented() async throws {
        var options = DaemonOptions()
        options.set("credits", "stream_chunk = false")
        try await run(options) { daemon in
            let alice = try await user("alice", credits: 10_000, daemon)
            let reply = try await alice.chat(stream: true)
            #expect(reply.complete && reply.events.last == "[DONE]")
            #expect(!reply.events.contains { $0.contains("gateway_usage") })
            #expect(reply.text.contains(#": gateway_usage {"tokens_charged":25,"user_balance_after":9975,"#))
        }
    }

    @Test(
        "who has nothing is refused before anything is sent, and told what is required and what there is",
        .proves("CR-06", "CR-08", "ER-04"))
    func refused() async throws {
        try await run { daemon in
            let alice = try await user("alice", credits: 0, daemon)
            for stream in [false, true] {
                let refused = try await alice.chat(stream: stream)
                #expect(refused.status == 402 && refused.errorCode == "credits-insufficient")
                #expect(refused.json?["error"]?["type"]?.text == "insufficient_quota")
                #expect(refused.errorMessage?.contains(/: [1-9]\d* required, 0 available$/) == true)
                #expect(refused.value("content-type") == "application/json")
                #expect(refused.value("x-should-retry") == "false")
                #expect(refused.value("retry-after") == nil)
            }
            let message: JSON = [
                "model": "anthropic/claude", "max_tokens": 50,
                "messages": [["role": "user", "content": "hello"]],
            ]
            let other = try await alice.post("/v1/messages", message)
            #expect(other.status == 402 && other.json?["error"]?["type"]?.text == "billing_error")
            #expect(other.errorMessage?.contains(/: [1-9]\d* required, 0 available$/) == true)
            #expect(daemon.relayed.isEmpty)
            // A bound is covered in full or not at all.
            #expect(try await daemon.orkctl("credits", "add", "alice", "100").status == 0)
            let body = Self.bounded(300)
            let short = try await alice.post("/v1/chat/completions", body)
            #expect(short.status == 402 && daemon.relayed.isEmpty)
            #expect(
                short.errorMessage?.hasSuffix("\(body.encoded.utf8.count + 300) required, 100 available")
                    == true)
            // What costs nothing is not refused.
            #expect(try await alice.get("/v1/models").status == 200)
            #expect(try await balance(alice) == 100)
        }
    }

    @Test("what fails costs nothing", .proves("CR-11"))
    func failed() async throws {
        try await run(DaemonOptions(keys: ["a", "b", "c"])) { daemon in
            let alice = try await user("alice", credits: 1000, daemon)
            daemon.mock.script(
                .everything, Array(repeating: Act.status(500), count: 3), afterwards: Act.status(500))
            for _ in 0..<3 { #expect(try await alice.chat().status >= 500) }
            #expect(daemon.mock.actsLeft(.everything) == 0)
            #expect(try await balance(alice) == 1000)
            let sum = try await usage("alice", daemon)
            #expect(sum["credits"]?.integer == 0 && sum["cost_pico_usd"]?.integer == 0)
            let requests = try #require(sum["requests"]?.integer)
            #expect(requests > 0 && sum["failed"]?.integer == requests)
            #expect(sum["total_tokens"]?.integer == 0)
        }
    }

    @Test(
        "after a thousand mixed operations with a kill among them balances are what the ledger adds up to",
        .proves("CR-12"))
    func integrity() async throws {
        try await run { daemon in
            daemon.mock.always("v/fails", Act.status(400))
            var secrets: [String] = []
            for number in 0..<CreditMix.users {
                let caller = try await user("u\(number)", credits: Int(CreditMix.start), daemon)
                secrets.append(caller.key ?? "")
            }
            let mix = CreditMix(daemon, secrets: secrets, count: 1000, killAt: 500)
            try await mix.run(workers: 12)
            let done = await mix.done
            #expect(done.allSatisfy { $0 > 100 }, "\(done)")
            let rows = try await daemon.orkctl("credits", "list", "-o", "json").items
            var left: Int64 = 0
            for (number, known) in await mix.known.enumerated() {
                let row = try #require(rows.first { $0["user"]?.text == "u\(number)" })
                let balance = try #require(row["balance"]?.integer)
                #expect(row["held"]?.integer == 0)
                #expect((known.balance - known.perhaps...known.balance).contains(balance), "\(row.encoded)")
                left += balance
            }
            let sums = try await daemon.orkctl("usage", "--by", "user", "-o", "json").items
            let spent = sums.compactMap { $0["credits"]?.integer }.reduce(0, +)
            #expect(spent > 0)
            try await daemon.terminate()
            let judged = try await Program("/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"]).run([
                "-B", BuiltPrograms.packageRoot + "/Tests/crash/ledger.py",
                daemon.stateDirectory + "/orkd.db",
            ])
            #expect(judged.status == 0, "\(judged.stderr)")
            let said = "\(CreditMix.users) users, given \(left + spent), spent \(spent)\n"
            #expect(judged.stdout.hasSuffix(said), "\(judged.stdout)")
            try await daemon.start()
            let again = try await daemon.orkctl("credits", "list", "-o", "json").items
            #expect(again.map(\.encoded) == rows.map(\.encoded))
        }
    }
}
