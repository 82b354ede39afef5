import Hummingbird
import ORKit

/// The daemon itself: status, health, version, clean-up, settings, drain.
struct OperationsEndpoints: Sendable {
    let service: any OperationsServing

    func status(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .item("ork.status/1", try await service.status())
    }

    /// Always 200: the word is in the body, because a degraded daemon answers
    /// this question perfectly well.
    func health(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .item("ork.health/1", try await service.health())
    }

    func version(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .item("ork.version/1", try await service.version())
    }

    func rehearse(_ call: ControlCall) async throws -> Response {
        let query = try call.query([
            "client", "model", "pool", "session", "objective", "prompt_tokens", "completion_tokens",
        ])
        var wanted = RehearsalQuery(
            client: try query.one("client"), model: try query.one("model"), pool: try query.one("pool"),
            session: try query.one("session"), objective: try query.one("objective"))
        wanted.promptTokens = try query.count("prompt_tokens")
        wanted.completionTokens = try query.count("completion_tokens")
        return try .item("ork.explain/1", try await service.rehearse(wanted))
    }

    func cleanup(_ call: ControlCall) async throws -> Response {
        let query = try call.query(["class", "dry_run"])
        let report = try await service.cleanup(classes: query.all("class"), try call.order(query))
        return try .item("ork.cleanup/1", report)
    }

    func settings(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .list("ork.settings/1", try await service.settings())
    }

    func check(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .list("ork.findings/1", try await service.check(configuration: try await call.bytes()))
    }

    func set(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(
            "ork.settings.change/1", try await service.set(try await call.body(), order), order)
    }

    func drain(_ call: ControlCall) async throws -> Response {
        try .item("ork.drain/1", try await service.drain(try call.order()))
    }

    func resume(_ call: ControlCall) async throws -> Response {
        try .item("ork.drain/1", try await service.resume(try call.order()))
    }
}
