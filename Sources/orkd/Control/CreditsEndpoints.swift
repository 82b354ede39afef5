import Hummingbird
import ORKit

/// `/v1/credits`.
struct CreditsEndpoints: Sendable {
    let service: any CreditsServing

    func list(_ call: ControlCall) async throws -> Response {
        // What is selected comes at once.
        let query = try call.query(QueryFields.paging.union(["select"]))
        _ = try query.page()
        return try .list("ork.credits/1", try await service.balances(query.all("select")))
    }

    func move(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.move(try await call.body(), order), order)
    }

    func refund(_ call: ControlCall) async throws -> Response {
        let order = try call.order()
        return try .change(Self.change, try await service.refund(try await call.body(), order), order)
    }

    func history(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["user"]))
        guard let user = try query.one("user") else {
            throw CodedError(.badValue, "query parameter “user” is missing")
        }
        return try .list("ork.credits.history/1", try await service.history(user, try query.page()))
    }

    private static let change = "ork.credits.change/1"
}
