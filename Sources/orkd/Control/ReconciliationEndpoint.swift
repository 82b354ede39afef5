import Hummingbird
import ORKit

/// `/v1/reconciliation`.
struct ReconciliationEndpoint: Sendable {
    let service: any ReconciliationServing

    func answer(_ call: ControlCall) async throws -> Response {
        let query = try call.query(["select", "window", "tolerance", "least"])
        let windows = try query.word("window", as: UpstreamQuota.Reset.self)
        guard windows.count < 2 else {
            throw CodedError(.badValue, "query parameter “window” was given twice")
        }
        var wanted = ReconciliationQuery(select: query.all("select"), window: windows.first ?? .daily)
        if let text = try query.one("tolerance") {
            guard let percent = Int(text), (0...100).contains(percent) else {
                throw CodedError(.badValue, "query parameter “tolerance” must be a percentage from 0 to 100")
            }
            wanted.tolerance.percent = percent
        }
        if let text = try query.one("least") {
            guard let least = Money(decimal: text.utf8), least.pico >= 0 else {
                throw CodedError(.badValue, "query parameter “least” must be an amount in USD")
            }
            wanted.tolerance.least = least
        }
        return try .list("ork.reconciliation/1", try await service.reconcile(wanted))
    }
}
