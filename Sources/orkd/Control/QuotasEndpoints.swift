import Hummingbird
import ORKit

/// `/v1/quotas`.
struct QuotasEndpoints: Sendable {
    let service: any QuotasServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["select"]))
        let wanted = QuotaQuery(select: query.all("select"), page: try query.page())
        return try .list("ork.quotas/1", try await service.list(wanted))
    }

    func set(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.set(try await call.body(), order), order)
    }

    func clear(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.clear(try await call.body(), order), order)
    }

    func refresh(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.refresh(try await call.body(), order), order)
    }

    private static let change = "ork.quotas.change/1"
}
