import Hummingbird
import ORKit

/// `/v1/clients`.
struct ClientsEndpoints: Sendable {
    let service: any ClientsServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["select", "environment", "state", "user"]))
        let wanted = ClientQuery(
            select: query.all("select"), environment: try query.one("environment"),
            states: query.all("state"), user: try query.one("user"),
            page: try query.page())
        return try .list("ork.clients/1", try await service.list(wanted))
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

    func enable(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.enable(try await call.body(), order), order)
    }

    func disable(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.disable(try await call.body(), order), order)
    }

    func rotate(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.rotate(try await call.body(), order), order)
    }

    func remove(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.remove(try await call.body(), order), order)
    }

    func prune(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.prune(try await call.body(), order), order)
    }

    private static let change = "ork.clients.change/1"
}
