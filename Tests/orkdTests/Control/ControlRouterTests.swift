import Logging
import NIOCore
import ORKit
import Synchronization
import Testing

@testable import orkd

@Suite("control router")
struct ControlRouterTests {
    @Test("a viewer may read, an admin everything, anybody else nothing", arguments: Route.allCases)
    func roles(route: Route) async throws {
        let reached = "reached"
        let control = ControlRouter.application(logger: quiet) { route in
            { _ in try .item("test/1", reached) }
        }
        func status(_ role: Peer.Role) async throws -> (Int?, String) {
            let answer = try await control.ask(
                route.method, route.path.replacing("{id}", with: "0123456789abc"), fields: spoken,
                peer: .local(uid: 1, gid: 1, pid: 1, role: role))
            return (answer.status, answer.text)
        }
        #expect(try await status(.admin) == (200, #"{"item":"reached","schema":"test/1"}"#))
        let viewer = try await status(.viewer)
        #expect(viewer.0 == (route.changes ? ErrorCode.forbidden.entry.status : 200))
        let nobody = try await status(.none)
        #expect(nobody.0 == ErrorCode.forbidden.entry.status)
        #expect(nobody.1.contains("usermod -aG orkd"))
    }

    @Test("a caller on the network has no role", arguments: [true, false])
    func network(isLoopback: Bool) async throws {
        let answer = try await control().ask(
            "GET", "/v1/status", fields: spoken, peer: .network(address: "::1", isLoopback: isLoopback))
        #expect(answer.status == ErrorCode.forbidden.entry.status)
    }

    @Test(
        "a web page is refused by what its browser adds",
        arguments: [
            [("Host", "orkd"), ("Origin", "https://evil.example")], [("Host", "orkd"), ("Origin", "null")],
            [("Host", "orkd"), ("referer", "http://localhost/")],
            [("Host", "orkd"), ("Sec-Fetch-Site", "cross-site")],
            [("Host", "evil.example")], [("Host", "orkd:80")], [("Host", "127.0.0.1")], [("Host", "")], [],
            [("Host", "orkd"), ("Host", "evil.example")],
        ])
    func browsers(fields: [(String, String)]) async throws {
        for (method, path) in [("GET", "/v1/version"), ("POST", "/v1/daemon/drain")] {
            let answer = try await control().ask(method, path, fields: fields + [("Orkd-API", "1")])
            #expect(answer.status == ErrorCode.forbidden.entry.status)
            #expect(try answer.json(ErrorBody.self).error.code == .forbidden)
        }
    }

    @Test("curl and orkctl are let in by their host", arguments: ["orkd", "ORKD", "localhost"])
    func hosts(host: String) async throws {
        #expect(try await control().ask("GET", "/v1/version", fields: [("Host", host)]).status == 200)
    }

    @Test("a change must name the version, and the right one")
    func version() async throws {
        let without = try await control().ask("POST", "/v1/daemon/drain", fields: [("Host", "orkd")])
        #expect(try without.json(ErrorBody.self).error.code == .protocolMismatch)
        #expect(without.status == 400)
        for (method, path) in [("GET", "/v1/version"), ("POST", "/v1/daemon/drain")] {
            let other = try await control().ask(method, path, fields: [("Host", "orkd"), ("Orkd-API", "2")])
            #expect(try other.json(ErrorBody.self).error.code == .protocolMismatch)
        }
    }

    @Test(
        "every answer names the API and the release",
        arguments: [
            ("GET", "/v1/version", 200), ("GET", "/v1/nothing", 404), ("PUT", "/v1/version", 405),
            ("GET", "/v1/status", ErrorCode.storageUnavailable.entry.status),
        ])
    func versionOnAnswers(method: String, path: String, status: Int) async throws {
        let answer = try await control().ask(method, path, fields: spoken)
        #expect(answer.status == status)
        #expect(answer.all("Orkd-API") == ["1"])
        #expect(answer.all(API.releaseHeader) == [API.release])
        #expect(answer.field("Content-Type") == "application/json")
        #expect(answer.isWhole)
    }

    @Test(
        "an unknown route is 404 route-unknown",
        arguments: [
            "/", "/v1", "/v1/keys/", "//v1/keys", "/v1//keys", "/V1/keys", "/v2/keys", "/v1/requests/",
            "/health",
            "/v1/requests/a/b",
        ])
    func unknownRoute(path: String) async throws {
        let answer = try await control().ask("GET", path, fields: spoken)
        #expect(answer.status == 404)
        #expect(try answer.json(ErrorBody.self).error.code == .routeUnknown)
    }

    @Test("a wrong method names the right ones")
    func wrongMethod() async throws {
        let answer = try await control().ask("DELETE", "/v1/keys", fields: spoken)
        #expect(answer.status == 405)
        #expect(answer.field("Allow") == "GET, POST, PATCH")
        #expect(try answer.json(ErrorBody.self).error.code == .methodNotAllowed)
    }

    @Test("an unexpected error tells its id and nothing else")
    func unexpected() async throws {
        struct Mishap: Error { let text = "/var/lib/orkd/orkd.db: SELECT secret" }
        let services = FakeServices()
        services.failure.withLock { $0 = Mishap() }
        let answer = try await control(services).ask("GET", "/v1/health", fields: spoken)
        #expect(answer.status == 500)
        let error = try answer.json(ErrorBody.self).error
        #expect(error.code == .internalError)
        #expect(error.message.contains("01hzy0000000a"))
        #expect(!answer.text.contains("SELECT") && !answer.text.contains("Mishap"))
    }

    private let spoken = [("Host", "orkd"), ("Orkd-API", "1")]
}

let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// The real endpoints over services that answer little.
func control(_ services: FakeServices = FakeServices()) -> orkd.Application {
    let now = Now(monotonic: 0, wall: WallTime(milliseconds: 0))
    let endpoints = ControlEndpoints(
        keys: services, clients: services, users: services, pools: services, accounts: services,
        quotas: services, limits: services, budgets: services, models: services, credits: services,
        usage: services, reconciliation: services,
        requests: services,
        operations: services,
        events: services, audit: services,
        clock: { now })
    return ControlRouter.application(logger: quiet, handler: endpoints.handler)
}
