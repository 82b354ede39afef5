import Hummingbird
import ORKit

/// `/v1/usage`.
struct UsageEndpoint: Sendable {
    let service: any UsageServing

    func answer(_ call: ControlCall) async throws -> Response {
        let query = try call.query(["by", "since", "until"])
        let groups = try query.word("by", as: UsageGroup.self)
        guard groups.count < 2 else { throw CodedError(.badValue, "query parameter “by” was given twice") }
        let wanted = UsageQuery(
            group: groups.first ?? .client, since: try query.time("since"), until: try query.time("until"))
        return try .list("ork.usage/1", try await service.usage(wanted))
    }
}
