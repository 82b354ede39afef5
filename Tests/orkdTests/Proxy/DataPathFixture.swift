import Crypto
import Dispatch
import MockUpstream
import NIOCore
import NIOPosix
import ORKTestSupport
import ORKit
import Synchronization
import Testing

import class Hummingbird.Router
import struct Logging.Logger

@testable import orkd

/// The whole data path in this process, on real sockets, in front of a mock:
/// engine, gateway, one event loop, listener. No store; records are collected.
struct DataPath: Sendable {
    /// What a test may want otherwise.
    struct Plan: Sendable {
        var settings = ProxySettings()
        var engine = EngineSettings()
        /// Requests that a key may serve at once; 0: any number.
        var maxInFlight = 0
        /// How many keys the pool has: `sk-1`, `sk-2` …
        var keys = 1
        var permissions = Permissions.standard
        /// Of the client's user; nil: it has none, and credits do not count.
        var credits: Int64?
        var rules: ClientRules?
        var caps = RequestCaps()
        /// Where the upstream is, if not at the mock.
        var upstreamPort: Int?
        /// Whether the mock's loopback address may be connected to.
        var allowsPrivateAddresses = true
        var mock = MockOpenRouter.Options()
        /// Whether the upstream is spoken to in TLS, which the mock does not know.
        var tls = false
        var connect = TimeAmount.seconds(10)

        init() { settings.securityHeaders = SecurityHeaders.lines(hsts: false) }
    }

    static let clientKey = "gw_test_0123456789"

    let mock: MockOpenRouter
    let gateway: Gateway
    let loops: LoopSet
    let records: RecordSink
    let port: Int

    var caller: Caller { Caller(.loopback(port), key: Self.clientKey) }

    /// Leases that nobody has given back, over all keys.
    var inFlight: Int {
        (1...9).reduce(0) { $0 + (standing(of: $1)?.inFlight ?? 0) }
    }

    /// Of the client's user.
    var account: Books.Account? { gateway.books.change { $0[Self.user] } }

    /// How that key stands: `sk-1` is 1.
    func standing(of key: Int64) -> KeyStanding? {
        gateway.box.decide { engine, _ in engine.standing(of: KeyID(key), at: SystemClock.now()) }
    }

    /// Stops the loop until `body` has returned: what comes meanwhile is one
    /// turn of it.
    func standingStill(_ body: () async throws -> Void) async throws {
        let standstill = DispatchSemaphore(value: 0)
        await withCheckedContinuation { stands in
            loops.group.next().execute {
                stands.resume()
                standstill.wait()
            }
        }
        defer { standstill.signal() }
        try await body()
    }

    /// Starts everything, hands it over and stops it, whatever happens.
    static func run(_ plan: Plan = Plan(), _ body: (DataPath) async throws -> Void) async throws {
        try await MockOpenRouter.run(options: plan.mock) { mock in
            mock.accept(prefix: "sk-")
            let records = RecordSink()
            let gateway = gateway(plan, mock: mock, records: records)
            let loops = LoopSet(
                group: MultiThreadedEventLoopGroup(numberOfThreads: 1), gateway: gateway,
                tls: plan.tls ? try UpstreamTLS.context(caFile: "") : nil, connect: plan.connect,
                upstreamKeepAlive: 60 * .second)
            records.disk.connect(loops)
            await loops.replaceClients(clients(plan))
            let channel = try await Listener(loops: loops).open(host: "127.0.0.1", port: 0)
            let path = DataPath(
                mock: mock, gateway: gateway, loops: loops, records: records,
                port: channel.localAddress?.port ?? 0)
            let result: Result<Void, any Error>
            do { result = .success(try await body(path)) } catch { result = .failure(error) }
            try? await channel.close()
            await loops.shutDown()
            try result.get()
        }
    }

    private static func gateway(_ plan: Plan, mock: MockOpenRouter, records: RecordSink) -> Gateway {
        var settings = plan.engine
        settings.sameKeyBackoff = 1
        var engine = Engine(settings: settings)
        let keys = (1...plan.keys).map { number in
            KeyRecord(
                id: KeyID(Int64(number)), secret: Secret("sk-\(number)".utf8), provider: "openrouter",
                account: nil,
                weight: 1, enabled: true, facts: KeyFacts(), maxInFlight: plan.maxInFlight)
        }
        _ = engine.apply(.add(keys), at: SystemClock.now())
        let origin = Origin(
            isTLS: false, host: "127.0.0.1", port: plan.upstreamPort ?? mock.port, prefix: Array("/api".utf8),
            allowsPrivateAddresses: plan.allowsPrivateAddresses)
        let web = Application(router: Router(context: ApplicationContext.self), logger: Logger(label: "test"))
        return Gateway(
            settings: plan.settings, origin: origin, box: EngineBox(engine, seed: 1) { _, _ in },
            books: books(plan), sink: records, web: web, store: StoreHealth(),
            caps: plan.caps)
    }

    static let user = UserID(7)

    private static func books(_ plan: Plan) -> BooksBox {
        var books = Books()
        if let credits = plan.credits { books.load([user: Books.Account(free: credits)]) }
        return BooksBox(books)
    }

    private static func clients(_ plan: Plan) -> [ORKit.Digest: ClientEntry] {
        let hash = Crypto.SHA256.hash(data: Array(clientKey.utf8))
        var entry = ClientEntry(
            id: ClientID(1), name: "test", permissions: plan.permissions, enabled: true, expiresAt: nil,
            rules: plan.rules)
        if plan.credits != nil { (entry.user, entry.isMetered) = (user, true) }
        entry.masked = "gw_test_01..."
        return ORKit.Digest(Array(hash)).map { [$0: entry] } ?? [:]
    }
}

/// Collects what the data path leaves behind; records can be awaited.
final class RecordSink: RequestSink {
    struct Missing: Error {}

    let disk = SlowDisk()
    private let stream: AsyncStream<RequestRecord>
    private let feed: AsyncStream<RequestRecord>.Continuation

    init() { (stream, feed) = AsyncStream.makeStream() }

    func submit(_ batch: RecordBatch) {
        for row in batch.rows { for record in RequestRecord.unpack(row.body) ?? [] { feed.yield(record) } }
    }
    func note(_ line: ProxyNote) {}
    func post(_ postings: [Posting], of loop: Int, through ticket: UInt64) {
        disk.write(postings, of: loop, through: ticket)
    }

    /// The next record that nobody has taken, now or later.
    func next() async throws -> RequestRecord {
        for await record in stream { return record }
        throw Missing()
    }
}
