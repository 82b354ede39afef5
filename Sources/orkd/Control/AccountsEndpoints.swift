import Hummingbird
import ORKit

/// `/v1/accounts`.
struct AccountsEndpoints: Sendable {
    let service: any AccountsServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["select"]))
        let wanted = AccountQuery(select: query.all("select"), page: try query.page())
        return try .list("ork.accounts/1", try await service.list(wanted))
    }

    func set(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(
            "ork.accounts.change/1", try await service.set(try await call.body(), order), order)
    }
}
