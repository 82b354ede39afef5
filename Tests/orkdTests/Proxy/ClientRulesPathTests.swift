import MockUpstream
import ORKTestSupport
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("what clients with rules are let do", .timeLimit(.minutes(5)))
struct ClientRulesPathTests {
    private func plan(_ cap: RequestCap? = nil, _ change: (inout AllowLists) -> Void = { _ in })
        -> DataPath.Plan
    {
        var lists = AllowLists()
        change(&lists)
        var plan = DataPath.Plan()
        plan.rules = ClientRules(lists, cap: cap)
        return plan
    }

    @Test("a model that is not on the list is refused wherever it stands, and nothing is asked upstream")
    func models() async throws {
        try await DataPath.run(plan { $0.models = ["openai/*"] }) { (path: DataPath) async throws in
            #expect(try await path.caller.chat(model: "openai/gpt-5").status == 200)
            let served = path.mock.count
            let other = try await path.caller.chat(model: "anthropic/x")
            #expect(other.status == 403 && other.errorCode == ErrorCode.modelNotPermitted.rawValue)
            let bodies: [JSON] = [
                ["model": "openai/a", "models": ["openai/b", "x/y"], "messages": []],
                ["model": "openai/a", "preset": "p", "messages": []], ["messages": []],
                ["model": "openrouter/auto", "messages": []],
            ]
            for body in bodies {
                let reply = try await path.caller.post("/v1/chat/completions", body)
                #expect(reply.errorCode == ErrorCode.modelNotPermitted.rawValue, "\(body.encoded)")
            }
            let messages = try await path.caller.post(
                "/v1/messages", ["model": "openai/a", "fallbacks": [["model": "x/y"]], "messages": []])
            #expect(messages.status == 403)
            #expect(try await path.caller.get("/v1/models").status == 200)
            #expect(path.mock.count == served + 1)
        }
    }

    @Test("a body that is too large to keep could hold anything, so it is refused where models are limited")
    func largeBodies() async throws {
        var plan = plan { $0.models = ["*"] }
        plan.settings.replayLimit = 1000
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let long = String(repeating: "x", count: 600_000)
            #expect(try await path.caller.chat(long).errorCode == ErrorCode.bodyTooLarge.rawValue)
            #expect(path.mock.count == 0)
            #expect(try await path.caller.chat().status == 200)
        }
    }

    @Test("passthrough is no way round a list of models")
    func passthrough() async throws {
        var plan = plan { $0.models = ["openai/*"] }
        plan.permissions = [.standard, .passthrough]
        try await DataPath.run(plan) { (path: DataPath) async throws in
            for target in ["/v1/videos", "/v1/batches", "/v1/anything"] {
                let reply = try await path.caller.post(target, ["model": "x/y"])
                #expect(reply.errorCode == ErrorCode.modelNotPermitted.rawValue, "\(target)")
            }
            #expect(path.mock.count == 0)
        }
    }

    @Test("an address outside the list is refused, whatever X-Forwarded-For says")
    func addresses() async throws {
        for (range, status) in [("10.0.0.0/8", 403), ("127.0.0.0/8", 200)] {
            try await DataPath.run(plan { $0.addresses = [range] }) { (path: DataPath) async throws in
                let reply = try await path.caller.get(
                    "/v1/models", headers: [("X-Forwarded-For", "10.0.0.1")])
                #expect(reply.status == status)
                if status == 403 { #expect(reply.errorCode == ErrorCode.addressNotPermitted.rawValue) }
            }
        }
    }

    @Test("behind a trusted proxy its last stranger counts [K-34]")
    func trustedProxy() async throws {
        var plan = plan { $0.addresses = ["10.0.0.0/8"] }
        plan.settings.trustedProxies = [AddressRange("127.0.0.1")].compactMap { $0 }
        try await DataPath.run(plan) { (path: DataPath) async throws in
            func status(_ forwarded: String...) async throws -> Int {
                try await path.caller.get(
                    "/v1/models", headers: forwarded.map { ("x-forwarded-For", $0) }
                ).status
            }
            #expect(try await status("10.1.2.3") == 200)
            #expect(try await status("192.0.2.1, 10.1.2.3, 127.0.0.1") == 200)
            #expect(try await status("10.1.2.3", "192.0.2.1") == 403)
            #expect(try await status("10.1.2.3, 192.0.2.1") == 403)
            #expect(try await status("10.1.2.3, unknown") == 403)
            #expect(try await status() == 403)
        }
    }

    @Test("failures are counted for the caller behind a trusted proxy, not for the proxy")
    func failuresBehindProxy() async throws {
        var plan = DataPath.Plan()
        plan.settings.trustedProxies = [AddressRange("127.0.0.1")].compactMap { $0 }
        plan.settings.authFailures = 3
        try await DataPath.run(plan) { (path: DataPath) async throws in
            let stranger = Caller(.loopback(path.port), key: "gw_other")
            func last(of count: Int, from address: String) async throws -> Int {
                var status = 0
                for _ in 0..<count {
                    status = try await stranger.get("/v1/models", headers: [("X-Forwarded-For", address)])
                        .status
                }
                return status
            }
            #expect(try await last(of: 3, from: "192.0.2.1") == 401)
            #expect(try await last(of: 1, from: "192.0.2.1") == 429)
            #expect(try await last(of: 1, from: "192.0.2.2") == 401)
        }
    }

    @Test("a page of another domain, and no page at all, are refused where domains are listed")
    func referrers() async throws {
        try await DataPath.run(plan { $0.referrers = ["example.com"] }) { (path: DataPath) async throws in
            func reply(_ headers: (String, String)...) async throws -> Int {
                try await path.caller.get("/v1/models", headers: headers).status
            }
            #expect(try await reply(("Referer", "https://app.example.com/")) == 200)
            #expect(try await reply(("Origin", "https://example.com")) == 200)
            #expect(try await reply(("Referer", "https://evilexample.com")) == 403)
            #expect(try await reply() == 403)
            // What the browser says of itself counts more than what a page may set.
            #expect(
                try await reply(("Origin", "https://evil.com"), ("Referer", "https://example.com/")) == 403)
            #expect(try await reply(("Origin", "null"), ("Referer", "https://example.com/")) == 403)
        }
    }

    @Test("paths that are not on the list are refused")
    func endpoints() async throws {
        try await DataPath.run(plan { $0.endpoints = ["chat/*"] }) { (path: DataPath) async throws in
            #expect(try await path.caller.chat().status == 200)
            let other = try await path.caller.get("/openrouter/v1/models")
            #expect(other.status == 403 && other.errorCode == ErrorCode.pathNotPermitted.rawValue)
        }
    }

    @Test("each kind of inference has a permission of its own")
    func kinds() async throws {
        var plan = DataPath.Plan()
        plan.permissions = [.embeddings, .catalogue]
        try await DataPath.run(plan) { (path: DataPath) async throws in
            #expect(try await path.caller.chat().errorCode == ErrorCode.pathNotPermitted.rawValue)
            #expect(try await path.caller.get("/v1/models").status == 200)
            let reply = try await path.caller.post("/v1/embeddings", ["model": "a/b", "input": "x"])
            #expect(reply.status != 403)
        }
    }

    @Test("a trial that is over refuses only where that is enforced")
    func trial() async throws {
        for isEnforced in [true, false] {
            var plan = DataPath.Plan()
            plan.rules = ClientRules(AllowLists(), trialEndsAt: WallTime(milliseconds: 1))
            plan.settings.enforcesTrials = isEnforced
            try await DataPath.run(plan) { (path: DataPath) async throws in
                let reply = try await path.caller.chat()
                #expect(reply.status == (isEnforced ? 402 : 200))
                if isEnforced { #expect(reply.errorCode == ErrorCode.trialOver.rawValue) }
            }
        }
    }

    /// A count on a disk that the test holds in its hand.
    private final class Disk: Sendable {
        let counts = Mutex<[Int64: Int64]>([:])
        let isBroken = Atomic<Bool>(false)

        func keep(_ serial: Int64, _ change: Int64) -> Bool {
            guard !isBroken.load(ordering: .relaxed) else { return false }
            counts.withLock { $0[serial, default: 0] += change }
            return true
        }
    }

    private func capped(_ most: Int64, _ disk: Disk) -> DataPath.Plan {
        var plan = plan(RequestCap(serial: 7, most: most))
        plan.caps = RequestCaps { serial, change in disk.keep(serial, change) }
        plan.caps.open([7: 0])
        return plan
    }

    @Test("of many requests at once a cap lets exactly its number through, each on disk before it is sent")
    func capInParallel() async throws {
        let disk = Disk()
        try await DataPath.run(capped(5, disk)) { (path: DataPath) async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 { group.addTask { try await path.caller.chat().status } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 5, 429: 35])
            #expect(path.mock.count == 5)
            #expect(disk.counts.withLock { $0[7] } == 5)
            let refused = try await path.caller.chat()
            #expect(refused.errorCode == ErrorCode.requestCapReached.rawValue)
            #expect(refused.value("x-should-retry") == "false")
        }
    }

    @Test("what the disk does not take is not sent, and counts for nothing")
    func capWithoutDisk() async throws {
        let disk = Disk()
        try await DataPath.run(capped(1, disk)) { (path: DataPath) async throws in
            disk.isBroken.store(true, ordering: .relaxed)
            #expect(try await path.caller.chat().errorCode == ErrorCode.storageUnavailable.rawValue)
            #expect(path.mock.count == 0)
            disk.isBroken.store(false, ordering: .relaxed)
            #expect(try await path.caller.chat().status == 200)
            #expect(try await path.caller.chat().status == 429)
        }
    }

    @Test("a request that was not served is given back")
    func givenBack() async throws {
        let disk = Disk()
        try await DataPath.run(capped(1, disk)) { (path: DataPath) async throws in
            path.mock.script(.everything, .status(400, body: #"{"error":{"message":"no","code":400}}"#))
            #expect(try await path.caller.chat().status == 400)
            try await eventually("the grant is back") { disk.counts.withLock { $0[7] } == 0 }
            try await eventually("it is granted anew") { try await path.caller.chat().status == 200 }
            #expect(try await path.caller.chat().status == 429)
            #expect(disk.counts.withLock { $0[7] } == 1)
        }
    }
}
