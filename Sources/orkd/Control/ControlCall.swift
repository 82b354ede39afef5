import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// One call of the control API, as an endpoint sees it.
struct ControlCall: Sendable {
    let request: Request
    let context: ApplicationContext

    /// What an endpoint holds in memory of a request body: 1 MiB, far above
    /// any sensible one. The import does not go through here.
    private static let bodyLimit = 1 << 20

    /// The query, refused unless every field is one of these.
    func query(_ known: Set<String> = []) throws -> QueryFields {
        try QueryFields(target: request.head.path ?? "", known: known)
    }

    /// For a change without further query fields.
    func order() throws -> Order { try order(query(["dry_run"])) }

    func order(_ query: QueryFields) throws -> Order {
        Order(actor: try context.peer.actor, dryRun: try query.flag("dry_run"))
    }

    /// The body as a wire type, unknown fields refused.
    func body<Value: Decodable>(_ type: Value.Type = Value.self) async throws -> Value {
        try StrictJSON.decode(type, from: try await bytes())
    }

    /// The body as it came.
    func bytes() async throws -> [UInt8] {
        Array(try await request.body.collect(upTo: Self.bodyLimit).readableBytesView)
    }
}

extension QueryFields {
    /// The fields of a list that comes in pages.
    static let paging: Set<String> = ["limit", "cursor"]

    func page() throws -> PageQuery { PageQuery(limit: try count("limit"), cursor: try one("cursor")) }
}

/// The envelopes, by the schema names that callers compare.
extension Response {
    static func item<Item: Codable & Sendable>(_ schema: String, _ item: Item) throws -> Response {
        try JSONAnswer.response(ItemEnvelope(schema: schema, item: item))
    }

    static func list<Item: Codable & Sendable>(_ schema: String, _ page: Page<Item>) throws -> Response {
        try JSONAnswer.response(
            ListEnvelope(schema: schema, items: page.items, next: page.next, total: page.total))
    }

    static func list<Item: Codable & Sendable>(_ schema: String, _ items: [Item]) throws -> Response {
        try JSONAnswer.response(ListEnvelope(schema: schema, items: items))
    }

    /// - Parameter made: what was done, in one word; with it, and unless this
    ///   was a dry run, the status is 201.
    static func change<Item: Codable & Sendable>(
        _ schema: String, _ changes: Changes<Item>, _ order: Order, made: String? = nil
    ) throws -> Response {
        let isNew = !order.dryRun && changes.items.contains { $0.changed && $0.outcome == made }
        return try JSONAnswer.response(
            ChangeEnvelope(
                schema: schema, items: changes.items, dryRun: order.dryRun, warnings: changes.warnings),
            status: isNew ? .created : .ok)
    }
}

extension Peer {
    /// The peer as the audit trail names it.
    ///
    /// - Throws: `forbidden` for whoever has no role here.
    fileprivate var actor: Actor {
        get throws {
            switch (origin, role) {
            case (.local(let uid, let gid, let pid), .admin):
                Actor(uid: uid, gid: gid, pid: pid, role: .admin)
            case (.local(let uid, let gid, let pid), .viewer):
                Actor(uid: uid, gid: gid, pid: pid, role: .viewer)
            case (.local, .none), (.network, _): throw CodedError(.forbidden)
            }
        }
    }
}
