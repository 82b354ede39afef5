import Hummingbird
import ORKit

/// `/v1/limits`.
struct LimitsEndpoints: Sendable {
    let service: any LimitsServing

    func list(_ call: ControlCall) async throws -> Response {
        // What is selected comes at once.
        let query = try call.query(QueryFields.paging.union(["select"]))
        _ = try query.page()
        return try .list("ork.limits/1", try await service.list(query.all("select")))
    }

    func set(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.set(try await call.body(), order), order)
    }

    func clear(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.clear(try await call.body(), order), order)
    }

    private static let change = "ork.limits.change/1"
}
