import GRDB
import ORKit
import Synchronization
import Testing

@testable import orkd

/// The keys service upon a store, with an engine and an upstream that says
/// what the test wants.
final class KeysFixture: Sendable {
    let store: Store
    let box: EngineBox
    let clock = HandClock()
    let upstream = ScriptedProbe()
    let keys: KeysService

    init(
        _ place: Store.Place = .memory, masterKey: MasterKey = .random(), settings: EngineSettings = .init()
    ) throws {
        let clock = clock
        let store = try Store(place, at: clock.now.wall) { _ in masterKey }
        self.store = store
        box = EngineBox(Engine(settings: settings), seed: 1) { store.journal.carryOut($0, of: $1) }
        keys = KeysService(store, box, probe: upstream, clock: { clock.now })
        try keys.load()
    }

    static func secret(_ number: Int) -> String { "sk-or-v1-canary-\(number)-0123456789abcdef" }

    @discardableResult
    func add(_ name: String, _ number: Int, _ order: Order = .real) async throws -> Changes<KeyView> {
        try await keys.add(KeyAdd(name: name, secret: Self.secret(number)), order)
    }

    func names(_ query: KeyQuery = KeyQuery()) async throws -> [String] {
        try await keys.list(query).items.map(\.name)
    }

    func view(_ name: String) async throws -> KeyView? {
        try await keys.list(KeyQuery(select: [name])).items.first
    }

    /// The audit trail as `verb subject`.
    func audit() async throws -> [String] {
        try await store.read { db in
            try Row.fetchAll(db, sql: "SELECT verb, subject FROM audit ORDER BY id").map {
                "\($0.text(0)) \($0.text(1))"
            }
        }
    }

    /// Adds a key and marks it as the engine would, now.
    func addMarked(
        _ name: String, _ number: Int, _ change: (inout KeyFacts, WallTime) -> Void
    ) async throws {
        let key = try #require(try await add(name, number).items.first).item.id
        let now = clock.now.wall
        try mark(key) { change(&$0, now) }
    }

    /// Marks the key as the engine would after a proof.
    func mark(_ key: KeyID, _ change: (inout KeyFacts) -> Void) throws {
        guard let row = try store.readNow({ try KeyTable.row($0, id: key) }) else { return }
        var record = try store.record(row)
        change(&record.facts)
        let (marked, now) = (record, clock.now)
        _ = box.decide { engine, _ in
            engine.apply(.remove(key), at: now) + engine.apply(.add([marked]), at: now)
        }
    }

    func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch { return (error as? CodedError)?.code }
    }
}

/// An upstream that knows every key, unless told otherwise.
final class ScriptedProbe: KeyProbe {
    private let state = Mutex<(answers: [Digest: ProbeAnswer], asked: Int)>(([:], 0))

    func probe(_ secret: Secret) async -> ProbeAnswer {
        state.withLock {
            $0.asked += 1
            return $0.answers[.of(secret)] ?? .valid(KeyInfo())
        }
    }

    func answer(_ number: Int, _ answer: ProbeAnswer) {
        state.withLock { $0.answers[.of(Secret(KeysFixture.secret(number).utf8))] = answer }
    }

    var asked: Int { state.withLock { $0.asked } }
}
