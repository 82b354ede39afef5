import Hummingbird
import ORKit

/// `/v1/models`.
struct ModelsEndpoints: Sendable {
    let service: any ModelsServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["select", "match", "provider", "free", "sort"]))
        var wanted = ModelQuery(select: query.all("select"), page: try query.page())
        wanted.match = try query.one("match")
        wanted.provider = try query.one("provider")
        wanted.free = try query.flag("free")
        wanted.sort = try query.one("sort").map(ModelQuery.Sort.init)
        return try .list("ork.models/1", try await service.list(wanted))
    }

    func providers(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .list("ork.models.providers/1", try await service.providers())
    }

    func cache(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        return try .item("ork.models.cache/1", service.cache())
    }

    func refresh(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change("ork.models.change/1", try await service.refresh(order), order)
    }
}
