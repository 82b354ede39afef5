internal import GRDB
import ORKit

/// A control transaction on its way through the journal.
protocol PendingChange: Sendable {
    /// Runs in a savepoint of the open transaction and remembers the answer.
    ///
    /// - Throws: only when the whole transaction is lost.
    func perform(_ db: Database) throws
    /// Lines for the ledger, in the same commit; known once it was performed.
    var postings: [Posting] { get }
    /// After the commit, or after it failed.
    func finish(_ failure: CodedError?)
}

/// One closure and whoever waits for its answer. Touched by the writer's
/// thread alone once it is queued.
final class QueuedChange<Answer: Sendable>: PendingChange, @unchecked Sendable {
    private let dryRun: Bool
    private let body: @Sendable (Database, inout [Posting]) throws -> Answer
    private let waiting: CheckedContinuation<Answer, any Error>
    private var result: Result<Answer, any Error>?
    private(set) var postings: [Posting] = []

    init(
        dryRun: Bool, waiting: CheckedContinuation<Answer, any Error>,
        body: @escaping @Sendable (Database, inout [Posting]) throws -> Answer
    ) {
        self.dryRun = dryRun
        self.waiting = waiting
        self.body = body
    }

    func perform(_ db: Database) throws {
        do {
            var answer: Answer?
            var postings: [Posting] = []
            try db.inSavepoint {
                answer = try body(db, &postings)
                return dryRun ? .rollback : .commit
            }
            self.postings = dryRun ? [] : postings
            result = answer.map { .success($0) }
        } catch let error as DatabaseError where error.isStorageFailure || !db.isInsideTransaction {
            throw error
        } catch {
            result = .failure(error)
        }
    }

    func finish(_ failure: CodedError?) {
        if let failure {
            waiting.resume(throwing: failure)
        } else {
            waiting.resume(with: result ?? .failure(CodedError(.internalError)))
        }
    }
}

extension DatabaseError {
    /// The disk or the file is at fault, not the statement.
    var isStorageFailure: Bool {
        switch resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN,
            .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PERM:
            true
        default: false
        }
    }

    /// What was written may or may not be on disk, and asking again would
    /// not tell (ruling 27): the process must end and be started again.
    var isLostSync: Bool {
        extendedResultCode == .SQLITE_IOERR_FSYNC || extendedResultCode == .SQLITE_IOERR_DIR_FSYNC
    }

    /// Nothing can be written, and no room that somebody makes would help
    /// (ruling 27): what runs is stopped while its settlement may still find
    /// its way.
    var isBrokenDisk: Bool {
        switch resultCode {
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: true
        case .SQLITE_IOERR: !isLostSync
        default: false
        }
    }

    /// As it is told outside: SQLite's words, never a value.
    var coded: CodedError {
        switch resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            CodedError(.databaseCorrupt, "the database is damaged: \(message ?? "malformed")")
        case _ where isStorageFailure:
            CodedError(
                .storageUnavailable, "the database cannot be written: \(message ?? resultCode.description)")
        default:
            CodedError(
                .internalError, "the database refused a statement: \(message ?? resultCode.description)")
        }
    }
}
