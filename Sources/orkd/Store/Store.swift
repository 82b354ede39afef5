// Store: everything that outlives the process, and the one thread that writes it. Here: the database and its
// migrations, one file per table, the journal, sealing of secrets. Not here: what a change means (Services), HTTP,
// event loops. May import GRDB, Crypto, FoundationEssentials, Glibc and ORKit; never NIO.

internal import FoundationEssentials
internal import GRDB
import Glibc
import ORKit
import Synchronization

/// The database of one daemon: SQLite in WAL mode with exactly one writing
/// connection, which belongs to the journal, and a few readers.
final class Store: Sendable {
    /// Where the state lives.
    enum Place: Sendable, Hashable {
        /// Path of the file; its directory must be ours alone.
        case file(String)
        case memory
    }

    let place: Place
    let journal: Journal
    let sealing: Sealing
    /// What the audit trail is told once a minute.
    let tally = AuditTally()
    /// What the ledger added up to when the store was opened.
    let accounts: [UserID: Books.Account]
    /// Requests that a process before this one left open.
    let recovered: Int
    private let database: any DatabaseWriter
    /// Ids of keys are given out here, so that a secret can be sealed for its
    /// row before the writer sees it.
    private let lastKeyID: Atomic<Int64>

    /// Examines the file, finds the master key, opens the file, brings the
    /// schema up to date and starts the writer.
    ///
    /// - Parameters:
    ///   - now: for the rows that migrations write.
    ///   - schema: another one only in tests.
    ///   - masterKey: asked once, with whether one may be made.
    /// - Throws: `CodedError` with `directory-unsafe`, `file-unsafe`,
    ///   `database-…`, `storage-unavailable`, `master-key-…`. The file is
    ///   then as it was.
    init(
        _ place: Place, at now: WallTime, observer: Journal.Observer = .init(),
        schema: [Migration] = Migration.all,
        masterKey: (_ mayCreate: Bool) throws -> MasterKey
    ) throws {
        self.place = place
        let ledger: LedgerEnd?
        let log: WriteAheadLog?
        var opened: (any DatabaseWriter)?
        do {
            let newest = schema.last?.number ?? 0
            let known: String?
            switch place {
            case .memory:
                sealing = try SealProof().sealing(masterKey)
                database = try DatabaseOpening.memory()
                known = nil
            case .file(let path):
                let look = try DatabaseOpening.look(path, newest: newest)
                sealing = try look.proof.sealing(masterKey)
                known = look.proof.checkValue
                database = try DatabaseOpening.file(path, look, newest: newest, at: now)
            }
            opened = database
            try database.writeWithoutTransaction { try Migration.migrate($0, steps: schema, at: now) }
            try DatabaseOpening.settle(database, place)
            log =
                if case .file(let path) = place {
                    try database.writeWithoutTransaction { try WriteAheadLog(path: path + "-wal", $0) }
                } else { nil }
            if known != sealing.checkValue {
                let value = sealing.checkValue
                try database.write { try SettingTable.put(.masterKeyCheck, value, $0) }
            }
            (ledger, recovered) = try database.write { db in
                // A schema from before the ledger as it is, which only tests have, has none.
                guard newest >= Migration.checkpoint.number else { return (nil, 0) }
                var end = try LedgerEnd(db)
                let count = try end.recover(at: now, db)
                return (end, count)
            }
            accounts = ledger?.accounts ?? [:]
            lastKeyID = Atomic(try database.writeWithoutTransaction { try KeyTable.lastID($0) })
        } catch let error as DatabaseError {
            if error.isLostSync, let opened { Self.keepOpen(opened) }
            throw error.coded
        }
        let ballast: Ballast? =
            if case .file(let path) = place { Ballast(path: path + ".ballast") } else { nil }
        journal = Journal(writer: database, ballast: ballast, log: log, observer: observer)
        journal.ledger = ledger
        try journal.start()
    }

    /// Writes what is queued, empties the write-ahead log and closes the
    /// file. Blocks. After a sync that failed the log stays, and the file stays
    /// open until the process ends.
    func close() {
        journal.close()
        guard journal.log?.isKept != true else { return Self.keepOpen(database) }
        do {
            _ = try database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.isLostSync {
            return Self.keepOpen(database)
        } catch {
            // All is in the log, and the next start writes it.
        }
        try? database.close()
    }

    /// Until the process ends: to close the last connection would write the log
    /// into the database once more and remove it (`WriteAheadLog`).
    private static func keepOpen(_ database: any DatabaseWriter) {
        _ = Unmanaged.passRetained(database as AnyObject)
    }

    /// Reads a consistent state of the database, beside the writer.
    func read<Answer: Sendable>(_ body: @escaping @Sendable (Database) throws -> Answer) async throws
        -> Answer
    {
        do {
            return try await database.read(body)
        } catch let error as DatabaseError {
            throw error.coded
        }
    }

    /// The same, blocking: at start, where there is nobody to wait for.
    func readNow<Answer>(_ body: (Database) throws -> Answer) throws -> Answer {
        do {
            return try database.read(body)
        } catch let error as DatabaseError {
            throw error.coded
        }
    }

    /// See `Journal.transact`.
    func transact<Answer: Sendable>(
        dryRun: Bool = false, _ body: @escaping @Sendable (Database) throws -> Answer
    ) async throws -> Answer {
        try await journal.transact(dryRun: dryRun, body)
    }

    /// See `Journal.transact(posting:)`.
    func transact<Answer: Sendable>(
        dryRun: Bool = false,
        posting body: @escaping @Sendable (Database, inout [Posting]) throws -> Answer
    ) async throws -> Answer {
        try await journal.transact(dryRun: dryRun, posting: body)
    }

    /// Ids for new keys, never given out before. Those that are not used are
    /// lost, which does no harm.
    func reserveKeyIDs(_ count: Int) -> Range<Int64> {
        let last = lastKeyID.add(Int64(count), ordering: .relaxed).newValue
        return last - Int64(count) + 1..<last + 1
    }

    /// What `status` tells of the database.
    struct Condition: Sendable {
        var path: String
        var schema: Int
        var bytes: Int64
        /// `PRAGMA synchronous` of the writer: 2 is FULL.
        var synchronous: Int
    }

    func condition() throws -> Condition {
        var condition = Condition(
            path: "memory", schema: 0, bytes: 0, synchronous: DatabaseOpening.synchronous)
        try readNow { db in
            condition.schema = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            condition.bytes = try Self.bytes(db)
        }
        if case .file(let path) = place {
            condition.path = path
            var info = stat()
            if stat(path + "-wal", &info) == 0 { condition.bytes += Int64(info.st_size) }
        }
        return condition
    }

    /// Size of what is in use, without free pages.
    static func bytes(_ db: Database) throws -> Int64 {
        let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        return (pages - free) * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
}
