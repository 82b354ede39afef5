import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("routes of the public listener")
struct WebRouterTests {
    @Test(
        "every answer carries the security headers, refusals included [SE-01]",
        arguments: [
            ("GET", "/", 200), ("GET", "/health", 200), ("HEAD", "/health", 200), ("GET", "/nothing", 404),
            ("POST", "/health", 405), ("GET", "/readiness", 200), ("GET", "/liveness", 200),
        ])
    func securityHeaders(method: String, path: String, status: Int) async throws {
        let answer = try await Fixture().web().ask(method, path)
        #expect(answer.status == status)
        for (name, value) in SecurityHeaders.fields(hsts: false) {
            #expect(answer.all(name) == [value], "\(name)")
        }
        #expect(answer.field("Strict-Transport-Security") == nil)
        #expect(answer.isWhole)
    }

    @Test("HSTS is sent only where it is switched on [SE-02]")
    func hsts() async throws {
        let answer = try await Fixture().web(hsts: true).ask("GET", "/liveness")
        #expect(answer.field("Strict-Transport-Security")?.hasPrefix("max-age=31536000") == true)
        #expect(
            String(decoding: SecurityHeaders.lines(hsts: true), as: UTF8.self).contains("Strict-Transport"))
        #expect(
            !String(decoding: SecurityHeaders.lines(hsts: false), as: UTF8.self).contains("Strict-Transport"))
        #expect(SecurityHeaders.names.contains("strict-transport-security"))
    }

    @Test("the preformatted lines are the same fields")
    func lines() {
        let lines = String(decoding: SecurityHeaders.lines(hsts: true), as: UTF8.self)
        let expected = SecurityHeaders.fields(hsts: true).map { "\($0.0): \($0.1)\r\n" }.joined()
        #expect(lines == expected)
    }

    @Test("the root document names version, status and endpoints [HL-05]")
    func root() async throws {
        struct Root: Decodable {
            var name, version, status: String
            var endpoints, documentation: [String: String]
        }
        let root = try await Fixture().web().ask("GET", "/").json(Root.self)
        #expect(root.name == "ork")
        #expect(root.version == API.release)
        #expect(root.status == "healthy")
        #expect(root.endpoints["/v1/*"] != nil)
        #expect(!root.documentation.isEmpty)
    }

    @Test("health tells a local caller the numbers and a remote one the words [HL-01]")
    func health() async throws {
        let fixture = Fixture()
        let local = try await fixture.web().ask(
            "GET", "/health", peer: .network(address: "::1", isLoopback: true))
        let body = try local.json(Health.self)
        #expect(body.status == "healthy")
        #expect(body.database == "connected")
        #expect(body.openrouter == "connected")
        #expect(body.users == 3)
        #expect(body.keys?.byState["usable"] == 2)
        #expect(body.version == API.release)
        #expect(body.uptime == 12)

        let remote = try await fixture.web().ask(
            "GET", "/health", peer: .network(address: "203.0.113.9", isLoopback: false))
        let reduced = try remote.json(Health.self)
        #expect(reduced.status == "healthy")
        #expect(reduced.database == "connected")
        #expect(reduced.checks["keys"]?.status == "healthy")
        #expect(reduced.users == nil)
        #expect(reduced.keys == nil)
        #expect(reduced.version == nil)
        #expect(reduced.conditions == nil)
    }

    @Test("no usable key is degraded and still 200, no store is 503 [HL-01]")
    func healthWords() async throws {
        let fixture = Fixture()
        fixture.source.facts.withLock { $0.keysByState = ["usable": 0, "invalid": 2] }
        let degraded = try await fixture.web().ask("GET", "/health")
        #expect(degraded.status == 200)
        #expect(try degraded.json(Health.self).status == "degraded")
        fixture.source.facts.withLock { $0.storeReady = false }
        let unhealthy = try await fixture.web().ask("GET", "/health")
        #expect(unhealthy.status == 503)
        #expect(try unhealthy.json(Health.self).status == "unhealthy")
    }

    @Test("a thousand probes in a second ask once [HL-04]")
    func cheap() async throws {
        let fixture = Fixture()
        let web = fixture.web()
        for _ in 0..<1000 { _ = try await web.ask("GET", "/health") }
        #expect(fixture.source.asked.load(ordering: .relaxed) == 1)
        fixture.now.withLock { $0.monotonic += 1_000_000_000 }
        _ = try await web.ask("GET", "/health")
        #expect(fixture.source.asked.load(ordering: .relaxed) == 2)
    }

    @Test("readiness follows the store and a drain at once [HL-02]")
    func readiness() async throws {
        let fixture = Fixture()
        let web = fixture.web()
        #expect(try await web.ask("GET", "/readiness").status == 200)
        fixture.source.ready.withLock { $0 = .draining }
        let draining = try await web.ask("GET", "/readiness")
        #expect(draining.status == 503)
        #expect(draining.text.contains("draining"))
        fixture.source.ready.withLock { $0 = .storeUnavailable }
        #expect(try await web.ask("GET", "/readiness").status == 503)
    }

    @Test("liveness needs nothing [HL-03]")
    func liveness() async throws {
        let fixture = Fixture()
        fixture.source.ready.withLock { $0 = .storeUnavailable }
        fixture.source.facts.withLock { $0.storeReady = false }
        #expect(try await fixture.web().ask("GET", "/liveness").status == 200)
        #expect(fixture.source.asked.load(ordering: .relaxed) == 0)
    }

    @Test("HEAD has the length of GET and no body")
    func head() async throws {
        let web = Fixture().web()
        for path in WebRouter.paths {
            let get = try await web.ask("GET", path)
            let head = try await web.ask("HEAD", path)
            #expect(head.status == get.status)
            #expect(head.contentLength == get.text.utf8.count)
            #expect(head.text.isEmpty)
            #expect(head.isWhole)
        }
    }

    @Test(
        "an unknown path is 404 in the OpenAI shape [K-04]",
        arguments: [
            "/nothing", "//health", "/health/", "/Health", "/%68ealth", "/health/../health", "", "*",
        ])
    func unknownPath(path: String) async throws {
        let answer = try await Fixture().web().ask("GET", path)
        #expect(answer.status == ErrorCode.pathUnknown.entry.status)
        let body = try answer.json(OpenAIErrorBody.self)
        #expect(body.error.code == "path-unknown")
        #expect(body.error.requestID == "01hzy0000000a")
        #expect(answer.field("X-Error-Type") == body.error.type)
    }

    @Test("a wrong method is 405 and names the right ones")
    func wrongMethod() async throws {
        let answer = try await Fixture().web().ask("DELETE", "/health")
        #expect(answer.status == ErrorCode.methodNotAllowed.entry.status)
        #expect(answer.field("Allow") == "GET, HEAD")
        #expect(try answer.json(OpenAIErrorBody.self).error.code == "method-not-allowed")
    }

    @Test("an unread body does not hold the answer up")
    func unreadBody() async throws {
        let parts = Array(repeating: ByteBuffer(repeating: 0x61, count: 1024), count: 64)
        let answer = try await Fixture().web().ask("GET", "/liveness", body: parts)
        #expect(answer.status == 200)
        #expect(answer.isWhole)
    }

    private struct Health: Decodable {
        struct Check: Decodable { var status: String }
        struct Keys: Decodable {
            var total, usable: Int
            var byState: [String: Int]
            private enum CodingKeys: String, CodingKey {
                case total, usable
                case byState = "by_state"
            }
        }
        var status, database, openrouter, timestamp: String
        var checks: [String: Check]
        var version: String?
        var uptime: Double?
        var users: Int?
        var keys: Keys?
        var conditions: [ConditionView]?
        private enum CodingKeys: String, CodingKey {
            case status, database, openrouter, timestamp, checks, version, keys, conditions
            case uptime = "uptime_seconds"
            case users = "user_count"
        }
    }

    /// A daemon that is well until a test says otherwise, and a clock that
    /// stands still.
    private final class Fixture: Sendable {
        let source = Source()
        let now = Mutex(Now(monotonic: 5_000_000_000, wall: WallTime(milliseconds: 1_795_000_000_000)))

        func web(hsts: Bool = false) -> orkd.Application {
            WebRouter.application(
                health: source, hsts: hsts,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                clock: { self.now.withLock { $0 } })
        }
    }

    private final class Source: HealthSource {
        let asked = Atomic<Int>(0)
        let ready = Mutex(Readiness.ready)
        let facts = Mutex(
            HealthFacts(
                storeReady: true, draining: false, upstream: .connected,
                keysByState: ["usable": 2, "resting": 1],
                userCount: 3, uptimeSeconds: 12))

        func health() async -> HealthFacts {
            asked.add(1, ordering: .relaxed)
            return facts.withLock { $0 }
        }
        func readiness() -> Readiness { ready.withLock { $0 } }
    }
}
