import Hummingbird
import ORKit

/// `/v1/audit`.
struct AuditEndpoint: Sendable {
    let service: any AuditServing

    func answer(_ call: ControlCall) async throws -> Response {
        let query = try call.query(QueryFields.paging.union(["since", "until", "actor", "action", "target"]))
        let wanted = AuditQuery(
            since: try query.time("since"), until: try query.time("until"), actor: try query.one("actor"),
            action: try query.one("action"), target: try query.one("target"), page: try query.page())
        return try .list("ork.audit/1", try await service.list(wanted))
    }
}
