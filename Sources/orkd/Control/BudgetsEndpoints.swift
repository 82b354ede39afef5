import Hummingbird
import ORKit

/// `/v1/budgets`.
struct BudgetsEndpoints: Sendable {
    let service: any BudgetsServing

    func list(_ call: ControlCall) async throws -> Response {
        // What is selected comes at once.
        let query = try call.query(QueryFields.paging.union(["select"]))
        _ = try query.page()
        return try .list("ork.budgets/1", try await service.list(query.all("select")))
    }

    func set(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.set(try await call.body(), order), order)
    }

    func remove(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.remove(try await call.body(), order), order)
    }

    private static let change = "ork.budgets.change/1"
}
