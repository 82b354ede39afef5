import Testing

@testable import ORKit

@Suite("What a 429 says about its limit")
struct UpstreamLimitTests {
    private static let now = Now(monotonic: 0, wall: WallTime(rfc3339: "2026-11-21T12:00:00Z")!)
    private static let reset = now.wall.advanced(byMilliseconds: 43_200_000)

    private func learnt(
        status: Int = 429, fields: [(String, String)] = [], _ metadata: String = "",
        dialect: Dialect = .openRouter
    ) -> UpstreamLimit? {
        let body = #"{"error":{"code":\#(status),"message":"x","metadata":{\#(metadata)}}}"#
        let answer = UpstreamAnswer(
            status: status, fields: fields.map { AnswerField($0.0, $0.1) }, body: Array(body.utf8),
            model: "v/m:free", dialect: dialect)
        return UpstreamLimit(answer, Classifier.classify(answer, at: Self.now), at: Self.now.wall)
    }

    private static let daily = #""limit_source":"openrouter_free_tier_daily""#
    private static let headers: [(String, String)] = [
        ("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", String(reset.milliseconds)),
    ]
    private static var copied: String {
        #""headers":{"# + headers.map { #""\#($0.0)":"\#($0.1)""# }.joined(separator: ",") + "}"
    }

    @Test("the limit, what is left and the reset are read from the head and from the body alike")
    func places() {
        let wanted = UpstreamLimit(
            at: Self.now.wall, rule: "429-free-tier-daily", limit: 50, left: 0, reset: Self.reset)
        #expect(learnt(fields: Self.headers, Self.daily) == wanted)
        #expect(learnt("\(Self.daily),\(Self.copied)") == wanted)
        #expect(learnt(fields: [("x-ratelimit-limit", "20")], "\(Self.daily),\(Self.copied)")?.limit == 20)
    }

    @Test("nothing is learnt of a limit that is neither the key's nor its account's, or of no numbers at all")
    func others() {
        #expect(learnt(fields: Self.headers, #""provider_name":"P""#) == nil)
        #expect(learnt(status: 503, fields: Self.headers, Self.daily) == nil)
        #expect(learnt(status: 200, fields: Self.headers, Self.daily) == nil)
        #expect(learnt(Self.daily) == nil)
        #expect(
            learnt(fields: [("x-ratelimit-limit", "many"), ("x-ratelimit-remaining", "")], Self.daily) == nil)
        #expect(learnt(fields: Self.headers, Self.daily, dialect: .openAI) == nil)
    }

    @Test("absurd numbers harm nobody")
    func absurd() {
        let numbers = ["-5", "9223372036854775807", "1e300", "99999999999999999999", "0x10", " 7"]
        for number in numbers {
            let limit = learnt(
                fields: [
                    ("x-ratelimit-limit", number), ("x-ratelimit-remaining", "3"),
                    ("x-ratelimit-reset", number),
                ],
                Self.daily)
            #expect(limit?.left == 3 && (limit?.limit ?? 0) >= 0)
            #expect(limit?.reset.map { $0 >= Self.now.wall } ?? true)
        }
    }

    @Test("it holds until its reset; without one for a day")
    func holding() {
        var limit = UpstreamLimit(at: Self.now.wall, rule: "r", limit: 5, left: 0, reset: Self.reset)
        #expect(limit.holds(at: Self.reset.advanced(byMilliseconds: -1)) && !limit.holds(at: Self.reset))
        limit.reset = nil
        #expect(limit.holds(at: Self.reset))
        #expect(!limit.holds(at: Self.now.wall.advanced(byMilliseconds: 86_400_000)))
    }

    @Test("what was said to a secret that was replaced meanwhile is not kept, nor that of a key that is gone")
    func stale() throws {
        let limit = UpstreamLimit(at: Self.now.wall, rule: "r", limit: 5, left: 0, reset: nil)
        func kept(_ change: PoolChange?) throws -> Bool {
            var desk = EngineDesk(keys: 2)
            let lease = try desk.lease()
            if let change { desk.apply(change) }
            var effects: [Effect] = []
            desk.engine.told(limit, lease, effects: &effects)
            return effects.contains { if case .keepLimit(KeyID(1), limit) = $0 { true } else { false } }
        }
        #expect(try kept(nil))
        #expect(try !kept(.remove(KeyID(1))))
        #expect(
            try !kept(.update(EngineDesk.record(1) { $0.secret = Secret("new".utf8) }, trigger: "rotate")))
    }
}
