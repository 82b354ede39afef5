import GRDB
import ORKit
import Synchronization

@testable import orkd

/// A store in memory with the services upon it, a clock that stands still
/// until the test moves it, and what the data path was told.
final class ServiceFixture: Sendable {
    let store: Store
    let clock = HandClock()
    let table = ClientTableCopy()
    let clients: ClientsService

    init(_ place: Store.Place = .memory, observer: Journal.Observer = .init()) throws {
        store = try Store(place, at: clock.now.wall, observer: observer, masterKey: { _ in .random() })
        let table = table
        let clock = clock
        clients = ClientsService(store, clock: { clock.now }, changed: { table.apply($0) })
    }

    var requests: RequestsService { RequestsService(store) }

    /// The audit trail as `verb subject`.
    func audit() async throws -> [String] {
        try await store.read { db in
            try Row.fetchAll(db, sql: "SELECT verb, subject FROM audit ORDER BY id").map {
                "\($0.text(0)) \($0.text(1))"
            }
        }
    }
}

/// Time that moves only when the test says so; for services, which read it
/// from several tasks.
final class HandClock: Sendable {
    fileprivate let state = Mutex(
        Now(monotonic: 1_000_000_000, wall: WallTime(milliseconds: 1_795_219_200_000)))

    var now: Now { state.withLock { $0 } }

    func advance(days: Int64 = 0, milliseconds: Int64 = 0) {
        let step = days * 86_400_000 + milliseconds
        state.withLock {
            $0.wall = $0.wall.advanced(byMilliseconds: step)
            $0.monotonic += step * 1_000_000
        }
    }
}

extension HandClock {
    /// Sets the time without any passing.
    func set(forwardDays days: Int64) {
        let step = days * 86_400_000
        state.withLock { $0.wall = $0.wall.advanced(byMilliseconds: step) }
    }
}

/// What the data path would know of the clients.
final class ClientTableCopy: Sendable {
    private let state = Mutex<[Digest: ClientEntry]>([:])

    func apply(_ deltas: [ClientDelta]) {
        state.withLock { table in
            for delta in deltas {
                switch delta {
                case .put(let digest, let entry): table[digest] = entry
                case .remove(let digest): table[digest] = nil
                }
            }
        }
    }

    var entries: [Digest: ClientEntry] { state.withLock { $0 } }

    /// What a request with this key would find.
    subscript(secret: String) -> ClientEntry? { entries[.of(Secret(secret.utf8))] }
}

extension Order {
    static let real = Order(actor: Actor(uid: 1000, gid: 1000, pid: 4242, role: .admin), dryRun: false)
    static let trial = Order(actor: Actor(uid: 1000, gid: 1000, pid: 4242, role: .admin), dryRun: true)
}

extension Selection {
    init(_ name: String, reason: String? = nil, ifExists: Bool? = nil) {
        self.init(select: [name])
        self.reason = reason
        self.ifExists = ifExists
    }
}

extension RequestRecord {
    /// A plain good request, but for what the test is about.
    static func sample(
        _ id: UInt64, at wall: Int64, client: Int64 = 1, user: Int64 = 0, key: Int64 = 1,
        path: String = "/v1/chat/completions",
        model: String = "openai/gpt-5", status: UInt16 = 200, code: ErrorCode? = nil,
        end: RequestEnd = .complete,
        before: [AttemptRecord] = [], usage: Usage = Usage(), quality: UsageQuality = .none
    ) -> RequestRecord {
        let last = AttemptRecord(
            key: KeyID(key), choice: .sticky, usable: 2, total: 3, status: 200, verdict: .ok,
            startedMicroseconds: 100, microseconds: 41_000)
        return RequestRecord(
            id: RequestID(raw: RequestID.floor(wallMilliseconds: wall).raw + id), client: ClientID(client),
            user: UserID(user), method: .post, path: path, model: model, stream: false, status: status,
            code: code, end: end, attempts: before + [last], bytesIn: 120, bytesOut: 900,
            firstByteMicroseconds: 40_000, microseconds: 42_500, usage: usage, quality: quality,
            generation: nil)
    }
}
