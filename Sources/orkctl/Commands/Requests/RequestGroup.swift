internal import ArgumentParser
internal import ORKClient
internal import ORKit

/// Requests that have something in common: `requests list --by`.
struct RequestGroup: Codable, Sendable {
    enum Key: String, CaseIterable, ExpressibleByArgument, Sendable {
        case code, client, key, model

        /// Nil: the request has none.
        func value(of request: RequestView) -> String? {
            switch self {
            case .code: request.code?.rawValue
            case .client: request.client
            case .key: request.attempts.last?.key
            case .model: request.model
            }
        }
    }

    /// Of code, client, key or model; absent for requests without one.
    var value: String?
    var count: Int
    var failed: Int
    /// How many different ones.
    var clients: Int
    var first: String
    var last: String
    /// Id of the newest one, for `explain`.
    var sample: String

    /// Reads every request that fits, the newest first, and prints the groups,
    /// the largest first.
    static func list(
        _ key: Key, _ session: Session, _ options: ListOptions,
        _ fetch: (Int, String?) throws -> ListEnvelope<RequestView>
    ) throws {
        let groups = try Listing.gather(key, fetch)
        try Listing.groups(by: key).list(session, options) { _, _ in
            ListEnvelope(schema: "ork.requests.groups/1", items: groups)
        }
    }
}

extension Listing<RequestGroup> {
    fileprivate static func gather(
        _ key: RequestGroup.Key, _ fetch: (Int, String?) throws -> ListEnvelope<RequestView>
    ) throws -> [RequestGroup] {
        var groups: [String?: RequestGroup] = [:]
        var clients: [String?: Set<String>] = [:]
        var cursor: String?
        repeat {
            let page = try fetch(1000, cursor)
            for request in page.items {
                let value = key.value(of: request)
                var group =
                    groups[value]
                    ?? RequestGroup(
                        value: value, count: 0, failed: 0, clients: 0, first: request.startedAt,
                        last: request.startedAt, sample: request.id)
                group.count += 1
                if request.end != "complete" || request.status >= 400 { group.failed += 1 }
                group.first = request.startedAt
                clients[value, default: []].insert(request.client)
                groups[value] = group
            }
            // The same cursor twice would never end.
            cursor = page.next == cursor ? nil : page.next
        } while cursor != nil
        return groups.map { value, group in
            var group = group
            group.clients = clients[value]?.count ?? 0
            return group
        }.sorted { ($1.count, $0.value ?? "") < ($0.count, $1.value ?? "") }
    }

    fileprivate static func groups(by key: RequestGroup.Key) -> Listing<RequestGroup> {
        Listing(
            noun: "requests", schema: "ork.requests.groups/1",
            columns: [
                Column(key.rawValue) { $0.value },
                Column(
                    "count", number: true, text: { row, _ in Cell(Human.count(row.count)) },
                    value: { String($0.count) }),
                Column(
                    "failed", number: true, text: { row, _ in Cell(Human.count(row.failed)) },
                    value: { String($0.failed) }),
                Column("clients", number: true) { String($0.clients) },
                Column("first", text: { Cell($1.ago($0.first)) }, value: { $0.first }),
                Column("last", text: { Cell($1.ago($0.last)) }, value: { $0.last }),
                Column("sample") { $0.sample },
            ],
            name: { $0.value ?? "-" })
    }
}
