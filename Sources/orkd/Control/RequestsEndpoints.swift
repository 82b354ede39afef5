import Hummingbird
import ORKit

/// `/v1/requests`.
struct RequestsEndpoints: Sendable {
    let service: any RequestsServing

    func list(_ call: ControlCall) async throws -> Response {
        let query = try call.query(
            QueryFields.paging.union(["since", "until", "client", "user", "key", "model", "code", "failed"]))
        let wanted = RequestQuery(
            since: try query.time("since"), until: try query.time("until"), client: try query.one("client"),
            user: try query.one("user"), key: try query.one("key"), model: try query.one("model"),
            code: try code(query), failed: try query.flag("failed"), page: try query.page())
        return try .list("ork.requests/1", try await service.list(wanted))
    }

    func show(_ call: ControlCall) async throws -> Response {
        _ = try call.query()
        guard let id = call.context.parameters.get("id").flatMap({ RequestID($0) }) else {
            throw CodedError(.requestNotFound)
        }
        return try .item("ork.request/1", try await service.show(id))
    }

    private func code(_ query: QueryFields) throws -> ErrorCode? {
        guard let word = try query.one("code") else { return nil }
        guard let code = ErrorCode(rawValue: word) else { throw CodedError(.codeUnknown) }
        return code
    }
}

extension QueryFields {
    /// A moment in RFC 3339.
    func time(_ name: String) throws -> WallTime? {
        guard let text = try one(name) else { return nil }
        guard let time = WallTime(rfc3339: text) else {
            throw CodedError(.badValue, "query parameter “\(name)” must be a time like 2026-11-21T14:00:00Z")
        }
        return time
    }
}
