import Foundation
import MockUpstream
import ORKTestSupport
import ORKit
import Testing

@Suite("How long a limited key rests") struct CooldownTests {
    private var now: Int64 { MockOpenRouter.Options.wallClock() }

    @Test("every way of stating the end is understood, and told to the caller", .proves("RT-05"))
    func stated() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let now = now
            let ways = Self.ways(now)
            for way in ways {
                daemon.mock.script(.model("m/\(way.name)"), way.act)
                let reply = try await daemon.caller.chat(model: "m/\(way.name)")
                #expect(reply.status == 429, "\(way.name)")
                let rest = try #require(try await daemon.rest(of: "m/\(way.name)", on: "a"), "\(way.name)")
                let late = rest.milliseconds - way.until
                #expect(way.isMoment ? late == 0 : (0..<5000).contains(late), "\(way.name): \(late) ms")
                // Rounded up, and never more than what is left.
                let wait = reply.value("retry-after").flatMap { Int64($0) } ?? -1
                #expect(wait * 1000 <= rest.milliseconds - now + 999 && wait > 0, "\(way.name): \(wait) s")
            }
            #expect(daemon.keysUsed.count == ways.count)
        }
    }

    /// One 429, and when the key is back.
    private struct Way {
        var name: String
        var act: Act
        var until: Int64
        /// The answer names the moment, not how long it is until then.
        var isMoment = true
    }

    private static func ways(_ now: Int64) -> [Way] {
        let second = now / 1000
        let inBody = Trouble(
            429, "Rate limit exceeded",
            metadata: [.init("headers", ["X-RateLimit-Reset": .string("\(now + 61_001)")])])
        return [
            Way(name: "seconds", act: .retryAfter("17"), until: now + 17_000, isMoment: false),
            Way(name: "date", act: .retryAfter(httpDate(second + 30)), until: (second + 30) * 1000),
            Way(name: "reset-seconds", act: reset("\(second + 40)"), until: (second + 40) * 1000),
            Way(name: "reset-milliseconds", act: reset("\(now + 50_123)"), until: now + 50_123),
            Way(name: "body", act: .refuse(inBody), until: now + 61_001),
        ]
    }

    @Test("without a stated end a key rests for a minute", .proves("RT-06"))
    func guessed() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .bare429)
            let before = now
            #expect(try await daemon.caller.chat(model: "v/m").status == 429)
            let rest = try #require(try await daemon.rest(of: "v/m", on: "a"))
            #expect((before + 60_000...now + 60_000).contains(rest.milliseconds))
        }
    }

    @Test(
        "a key is used again when its rest is over, and nobody has to do anything", .proves("RT-10", "PX-16"))
    func recovery() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            // A shorter one would be waited for.
            daemon.mock.script(.everything, .retryAfter("11"))
            #expect(try await daemon.caller.chat(model: "v/m").status == 429)
            let refused = try await daemon.caller.chat(model: "v/m")
            #expect(refused.status == 429)
            #expect(refused.errorCode == "all-keys-resting")
            #expect(refused.errorMessage?.contains("No available API keys") == true)
            #expect(["10", "11"].contains(refused.value("retry-after")))
            #expect(daemon.keysUsed == ["a"])
            try await eventually("the key serves again") {
                try await daemon.caller.chat(model: "v/m").status == 200
            }
            #expect(daemon.keysUsed == ["a", "a"])
        }
    }

    @Test("without traffic, lists and history show that a rest is over", .proves("RT-14"))
    func sweep() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(
                .everything, Act.refuse(.keySpent("daily")).header("Retry-After", "2"))
            #expect(try await daemon.caller.chat().status == 503)
            let spent = try await daemon.orkctl("keys", "list", "-o", "json").json?["items"]?[0]
            #expect(spent?["state"]?.text == "exhausted")
            #expect(spent?["because"]?.text == "key-limit")
            try await eventually("the list shows the key as usable") {
                let list = try await daemon.orkctl("keys", "list", "--state", "usable", "-o", "json")
                return list.json?["items"]?.elements?.count == 1
            }
            try await eventually("the history says so") {
                let history = try await daemon.orkctl("keys", "history", "a", "-o", "json")
                let steps = history.json?["items"]?.elements ?? []
                return Set(steps.map { $0["trigger"]?.text }) == ["403-key-limit-daily", "rest-over"]
            }
            #expect(daemon.relayed.count == 1)
        }
    }

    @Test("a kill does not wake a resting key", .proves("RT-11"))
    func survives() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            daemon.mock.script(.everything, .retryAfter("600"))
            let reply = try await daemon.caller.chat(model: "v/m")
            #expect(reply.status == 429)
            _ = try await daemon.record(of: reply)
            let rest = try #require(try await daemon.rest(of: "v/m", on: "a"))
            try await daemon.kill9()
            try await daemon.start()
            #expect(try await daemon.rest(of: "v/m", on: "a") == rest)
            let counters = try await daemon.key("a")["counters"]
            #expect(counters?["rate_limited"]?.integer == 1)
            #expect(try await daemon.caller.chat(model: "v/m").status == 429)
            #expect(daemon.keysUsed == ["a"])
        }
    }

    private static func reset(_ value: String) -> Act {
        .status(429, headers: [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", value)])
    }

    private static func httpDate(_ second: Int64) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.string(from: Date(timeIntervalSince1970: Double(second)))
    }
}
