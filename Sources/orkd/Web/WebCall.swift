import HTTPTypes
import Hummingbird
import NIOCore
import ORKit

/// One call of a route that is somebody's, as an endpoint sees it.
struct WebCall: Sendable {
    let request: Request
    let context: ApplicationContext
    let query: QueryFields
    let now: WallTime

    /// What an endpoint holds in memory of a body.
    private static let bodyLimit = 1 << 20

    /// - Parameter known: names of the fields of the query; most of these
    ///   routes have none.
    init(
        _ request: Request, _ context: ApplicationContext, known: Set<String>, at now: WallTime
    ) throws {
        query = try QueryFields(target: request.head.path ?? "", known: known)
        self.request = request
        self.context = context
        self.now = now
    }

    /// Whose route it is. `WebRoute.admit` has let nobody else come here.
    func client() throws -> ClientEntry {
        guard case .client(let client)? = context.visitor else { throw CodedError(.credentialMissing) }
        return client
    }

    /// Unknown fields refused.
    func body<Value: Decodable>(_ type: Value.Type = Value.self) async throws -> Value {
        try StrictJSON.decode(type, from: try await bytes())
    }

    func bytes() async throws -> [UInt8] {
        Array(try await request.body.collect(upTo: Self.bodyLimit).readableBytesView)
    }

    /// A change as the audit trail names who wants it.
    var order: Order {
        Order(actor: .caller(context.visitor?.name ?? "registration"), dryRun: false)
    }

    /// The caller's own name for an order (ruling 25).
    var idempotencyKey: String? {
        request.headers.first { $0.name.canonicalName == "idempotency-key" }?.value
    }

    /// As these routes write times: whole seconds in UTC.
    var timestamp: WebValue { .time(now) }
}

extension WebValue {
    static func time(_ time: WallTime?) -> WebValue {
        time.map { .text(WallTime(milliseconds: $0.milliseconds / 1000 * 1000).rfc3339) } ?? .null
    }

    static func time(_ text: String?) -> WebValue { time(text.flatMap { WallTime(rfc3339: $0) }) }
}
