internal import FoundationEssentials
internal import GRDB
import Glibc
import ORKit

/// How the connections are opened. The order matters: see `settle`.
enum DatabaseOpening {
    /// FULL: a commit that was answered survives a power cut (`reliability.md`
    /// F1).
    static let synchronous = 2

    static func memory() throws -> any DatabaseWriter {
        let queue = try DatabaseQueue(configuration: configuration())
        return queue
    }

    /// What is there, found out without writing a byte.
    struct Look: Sendable {
        var finding: FileExamination.Finding
        var proof = SealProof()
    }

    /// First step: everything that may forbid the start is asked here, before
    /// anything is written.
    ///
    /// - Parameter newest: the schema that it is about to have.
    /// - Throws: `CodedError` of `FileExamination` and `UntouchedDatabase`.
    static func look(_ path: String, newest: Int) throws -> Look {
        let finding = try FileExamination(path: path).examine(newest: newest)
        guard finding != .absent else { return Look(finding: finding) }
        return try UntouchedDatabase(path: path).read { db in
            let schema = try checkOrigin(path, newest: newest, db)
            guard schema > 0 else { return Look(finding: .ours(schema: 0)) }
            try checkTables(path, db)
            return Look(finding: .ours(schema: schema), proof: try SealProof(db))
        }
    }

    /// Second step, for a file that may be opened.
    ///
    /// - Throws: `CodedError`, `DatabaseError`.
    static func file(_ path: String, _ look: Look, newest: Int, at now: WallTime) throws -> any DatabaseWriter
    {
        if look.finding == .absent { try create(path) }
        let pool: DatabasePool
        do {
            pool = try DatabasePool(path: path, configuration: configuration())
        } catch let error as DatabaseError where !error.isStorageFailure {
            throw CodedError(.databaseCorrupt, "\(path): \(error.message ?? "cannot be opened")")
        }
        if case .ours(let schema) = look.finding, schema > 0, schema < newest {
            let directory = FileExamination(path: path).directory
            try keepCopy(of: pool, from: schema, to: newest, beside: directory, at: now)
        }
        return pool
    }

    /// Last step of opening. GRDB sets `synchronous = NORMAL` while it opens a
    /// pool, after our own preparation, so FULL is set here and read back
    /// (F1); the writer alone checkpoints (F2). The log is emptied once, so
    /// that the header in the file itself tells whose it is, and because what a
    /// process before this one left in it may be nowhere but in memory, if a
    /// sync of it failed: no commit may stand on that.
    ///
    /// - Throws: `DatabaseError` where the disk fails; `storage-unavailable`
    ///   where it does not sync. A full disk and a reader are no reason.
    static func settle(_ database: any DatabaseWriter, _ place: Store.Place) throws {
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            let effective = try Int.fetchOne(db, sql: "PRAGMA synchronous")
            guard effective == synchronous else {
                throw CodedError(
                    .storageUnavailable,
                    "SQLite does not sync its commits: synchronous is \(effective.map(String.init) ?? "unknown"), not 2"
                )
            }
            if !Safeguard.sync.isKept { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
            guard case .file = place else { return }
            // Every control transaction is a savepoint: on disk, its journal would be written and thrown away at
            // each. And the cache must hold what a slice of an import changes, or pages reach the log twice.
            try db.execute(
                sql: """
                    PRAGMA wal_autocheckpoint = \(WriteAheadLog.enough);
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -8192;
                    """)
            do {
                _ = try db.checkpoint(.truncate)
            } catch let error as DatabaseError where error.resultCode != .SQLITE_IOERR {}
        }
    }

    private static func configuration() -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "orkd"
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = 3
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA mmap_size = 0;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA wal_autocheckpoint = 0;
                    """)
            guard !db.configuration.readonly else { return }
            // Before the first table exists, else it has no effect.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = ON;")
        }
        return configuration
    }

    /// SQLite gives its companions the mode of the file itself.
    private static func create(_ path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw CodedError(
                .storageUnavailable, "cannot create \(path): \(String(cString: strerror(errno)))")
        }
        close(file)
    }

    /// What only SQLite can see: the write-ahead log may hold another truth
    /// than the header of the file.
    ///
    /// - Returns: the schema's number.
    private static func checkOrigin(_ path: String, newest: Int, _ db: Database) throws -> Int {
        let schema = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard schema <= newest else {
            throw FileExamination.newer(path, schema, than: newest)
        }
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard application == Int64(FileExamination.applicationID) || (application == 0 && tables == 0) else {
            throw FileExamination.foreign(path)
        }
        return schema
    }

    /// The tables that a start reads. The long ones, records and history, are
    /// left to whoever reads them.
    private static func checkTables(_ path: String, _ db: Database) throws {
        for table in ["setting", "key", "client"] {
            let found = try String.fetchOne(db, sql: "PRAGMA quick_check('\(table)')")
            guard found == "ok" else {
                throw CodedError(.databaseCorrupt, "\(path) is damaged: \(found ?? "it cannot be checked")")
            }
        }
    }

    /// A copy as it was before the schema changes, for the way back.
    private static func keepCopy(
        of pool: DatabasePool, from schema: Int, to newest: Int, beside directory: String, at now: WallTime
    ) throws {
        let folder = directory + "/backups"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw CodedError(
                .storageUnavailable, "cannot create \(folder): \(String(cString: strerror(errno)))")
        }
        let stamp = now.rfc3339.filter { $0 != ":" }
        let copy = "\(folder)/pre-\(newest)-from-\(schema)-\(stamp).db"
        try create(copy)
        try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
    }
}
