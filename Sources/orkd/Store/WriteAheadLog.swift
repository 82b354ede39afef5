internal import GRDB
internal import GRDBSQLite
import Glibc

/// The write-ahead log of the writer's connection. Told of each commit, it
/// empties the log when that is long, and has the pages brought back to memory
/// that are written next (`LogReach`). Used by the writer's thread alone.
///
/// It takes the place of `wal_autocheckpoint`, which makes the commit wait that
/// it comes with, and tells nobody when a sync fails.
final class WriteAheadLog {
    /// Frames after which the log is written into the database: the fewer, the
    /// more often a commit waits for two more syncs.
    static let enough: Int32 = 4000

    /// Only to give advice by. SQLite locks other files, so that closing it
    /// lets go of none of its locks.
    private let file: Int32
    private var reach: LogReach
    private var frames: Int32 = 0
    /// Whether there was a commit since `tend`.
    private var hasNews = false

    /// - Parameters:
    ///   - path: of the log, which exists.
    ///   - connection: the writer's. It must not commit once this is gone.
    /// - Returns: nil where the log cannot be opened: SQLite then goes on to
    ///   empty it by itself.
    /// - Throws: `DatabaseError`.
    init?(path: String, _ connection: Database) throws {
        reach = LogReach(page: try Int.fetchOne(connection, sql: "PRAGMA page_size") ?? 4096)
        file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return nil }
        sqlite3_wal_hook(
            connection.sqliteConnection,
            { context, _, _, frames in
                guard let context else { return SQLITE_OK }
                let log = Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
                (log.frames, log.hasNews) = (frames, true)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// After a commit, once nobody waits for it any more.
    ///
    /// - Parameter now: nanoseconds of a clock that never goes back.
    /// - Throws: `DatabaseError` where the database cannot be written. All is
    ///   still in the log then, and is tried again with the next commit.
    func tend(_ writer: any DatabaseWriter, at now: Int64) throws {
        guard hasNews else { return }
        hasNews = false
        if frames >= Self.enough {
            try writer.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
            // From here it begins anew, unless somebody still reads it.
            frames = 0
        }
        guard let next = reach.next(after: frames, at: now) else { return }
        posix_fadvise(file, next.lowerBound, next.count, POSIX_FADV_WILLNEED)
    }
}
