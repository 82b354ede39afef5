internal import FoundationEssentials
internal import GRDB
import Glibc
import ORKit

/// Reads a database file as SQLite sees it, its write-ahead log included, and
/// leaves every byte as it is. To be used while nobody has the file open.
///
/// An ordinary connection writes as soon as it is opened (GRDB makes sure
/// that there is a log), and the last one to close empties the log into the
/// file; even one that may only read makes companions of the file.
struct UntouchedDatabase: Sendable {
    let path: String

    /// - Throws: what the body threw; `database-corrupt` for whatever SQLite
    ///   cannot read; `storage-unavailable` when the disk is at fault.
    func read<Answer>(_ body: (Database) throws -> Answer) throws -> Answer {
        var configuration = GRDB.Configuration()
        configuration.label = "orkd.look"
        configuration.readonly = true
        configuration.prepareDatabase { db in
            try db.execute(
                sql: "PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        }
        let madeIndex = try isLogged && makeIndex()
        defer { if madeIndex { unlink(index) } }
        do {
            let queue = try DatabaseQueue(path: address, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read(body)
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_FULL, .SQLITE_PERM: throw error.coded
            default: throw CodedError(.databaseCorrupt, "\(path): \(error.message ?? "cannot be read")")
            }
        }
    }

    /// Some of what is true stands in the log only: the process that wrote it
    /// was killed.
    ///
    /// Not in one that has no page after its header yet, or no header
    /// (https://www.sqlite.org/fileformat2.html#walformat). SQLite reads
    /// nothing of it, but with `readonly_shm` it tries again for ten seconds
    /// and then says “locking protocol”.
    private var isLogged: Bool {
        let file = open(path + "-wal", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: Self.logHeader + 1)
        let count = pread(file, &head, head.count, 0)
        return count > Self.logHeader && head.starts(with: [0x37, 0x7F, 0x06]) && head[3] & 0xFE == 0x82
    }

    /// Bytes before the first page of a log.
    private static let logHeader = 32

    /// Without a log SQLite needs no companion of the file, with one it
    /// builds the index of it in memory, as long as a file of that name is
    /// there (https://www.sqlite.org/wal.html#read_only_databases).
    private var address: String {
        "file:\(escapedPath)?mode=ro&" + (isLogged ? "readonly_shm=1" : "immutable=1")
    }

    private var index: String { path + "-shm" }

    /// - Returns: whether it was not there.
    private func makeIndex() throws -> Bool {
        let file = open(index, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return false }
            throw CodedError(
                .storageUnavailable, "cannot create \(index): \(String(cString: strerror(errno)))")
        }
        close(file)
        return true
    }

    /// The path as part of a URI, where some characters mean something.
    private var escapedPath: String {
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"):
                bytes += Array("%\(String(byte, radix: 16, uppercase: true))".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
