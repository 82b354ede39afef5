import Hummingbird
import ORKit

/// `/v1/pools`.
struct PoolsEndpoints: Sendable {
    let service: any PoolsServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(["select"])
        return try .list("ork.pools/1", try await service.list(query.all("select")))
    }

    func add(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(
            Self.change, try await service.add(try await call.body(), order), order, made: "added")
    }

    func set(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.set(try await call.body(), order), order)
    }

    func remove(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.remove(try await call.body(), order), order)
    }

    private static let change = "ork.pools.change/1"
}
