import Hummingbird
import ORKit

/// `/v1/users`.
struct UsersEndpoints: Sendable {
    let service: any UsersServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["select"]))
        let wanted = UserQuery(select: query.all("select"), page: try query.page())
        return try .list("ork.users/1", try await service.list(wanted))
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

    func remove(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.remove(try await call.body(), order), order)
    }

    private static let change = "ork.users.change/1"
}
