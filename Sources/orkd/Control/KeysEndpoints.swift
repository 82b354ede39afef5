import Hummingbird
import ORKit

/// `/v1/keys`, but for the import.
struct KeysEndpoints: Sendable {
    let service: any KeysServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(
            QueryFields.paging.union(["select", "state", "provider", "tag", "name", "sort"]))
        let wanted = KeyQuery(
            select: query.all("select"), states: try query.word("state", as: KeyState.self),
            provider: try query.one("provider"), tags: try query.pairs("tag"), name: try query.one("name"),
            sort: try query.one("sort"), page: try query.page())
        return try .list("ork.keys/1", try await service.list(wanted))
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

    func reset(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.reset(try await call.body(), order), order)
    }

    func undo(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.undo(try await call.body(), order), order)
    }

    func setState(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.setState(try await call.body(), order), order)
    }

    func test(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .list("ork.keys.test/1", try await service.test(try await call.body(), order))
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

    func export(_ call: ControlCall) async throws -> Response {
        // There is nothing to try: what is given away is given away.
        let order = try call.order(try call.query())
        return try .list("ork.keys.export/1", try await service.export(try await call.body(), order))
    }

    func history(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["key"]))
        guard let key = try query.one("key") else {
            throw CodedError(.badValue, "query parameter “key” is missing")
        }
        return try .list("ork.history/1", try await service.history(of: key, try query.page()))
    }

    private static let change = "ork.keys.change/1"
}
