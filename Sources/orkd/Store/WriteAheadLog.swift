internal import GRDB
internal import GRDBSQLite
import Glibc

/// The write-ahead log of the writer's connection. Told of each commit, it
/// empties the log when that is long, and has the pages brought back to memory
/// that are written next (`LogReach`). Used by the writer's thread alone.
///
/// It takes the place of `wal_autocheckpoint`, which makes the commit wait that
/// it comes with, and tells nobody when a sync fails.
///
/// After such a sync the log may be the only durable copy of what it holds:
/// pages that were lost look written, to SQLite and to the next sync. So it is
/// kept as it is (`isKept`) until another process writes all of it anew.
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
    /// Something secret is still in it.
    private var isToBeEmptied = false
    /// Nobody may write it into the database any more, nor close that: closing
    /// does it too.
    private(set) var isKept = false
    /// The last try failed because the disk does not take what is written.
    private(set) var isStuck = false
    /// After such a try: not before this time, nanoseconds.
    private var retryAt: Int64 = 0
    private static let pause: Int64 = 1_000_000_000

    /// - Parameters:
    ///   - path: of the log. Without it there is only no advice to give.
    ///   - connection: the writer's. It must not commit once this is gone.
    /// - Throws: `DatabaseError`.
    init(path: String, _ connection: Database) throws {
        reach = LogReach(page: try Int.fetchOne(connection, sql: "PRAGMA page_size") ?? 4096)
        file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
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

    /// A sync failed, here or in a commit.
    func keep() { isKept = true }

    /// After a commit, once nobody waits for it any more.
    ///
    /// - Parameters:
    ///   - emptying: whatever its length, and down to no byte.
    ///   - now: nanoseconds of a clock that never goes back.
    /// - Throws: `DatabaseError` where the database cannot be written. All is
    ///   still in the log then, and is tried again later, unless a sync failed.
    func tend(_ writer: any DatabaseWriter, emptying: Bool = false, at now: Int64) throws {
        guard hasNews || isStuck || emptying, !isKept else { return }
        hasNews = false
        isToBeEmptied = isToBeEmptied || emptying
        if isStuck || isToBeEmptied || frames >= Self.enough, now >= retryAt { try empty(writer, at: now) }
        guard file >= 0, let next = reach.next(after: frames, at: now) else { return }
        posix_fadvise(file, next.lowerBound, next.count, POSIX_FADV_WILLNEED)
    }

    private func empty(_ writer: any DatabaseWriter, at now: Int64) throws {
        do {
            let done = try writer.writeWithoutTransaction {
                try $0.checkpoint(isToBeEmptied ? .truncate : .passive)
            }
            (isStuck, isToBeEmptied) = (false, false)
            // From here it begins anew, unless somebody still reads it.
            if done.checkpointedFrameCount == done.walFrameCount { frames = 0 }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Somebody reads it for long: the next one empties it, for to wait once more would keep commits waiting.
            isToBeEmptied = false
        } catch let error as DatabaseError {
            if error.isLostSync { keep() }
            isStuck = error.isBrokenDisk
            retryAt = now + Self.pause
            throw error
        }
    }
}
