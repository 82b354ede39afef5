import Glibc
import ORKit

/// What a database file is, found out by reading alone: opening a file with
/// SQLite writes to it, and a file that is not ours must stay as it is
/// (ruling 42, `reliability.md` B4-42 and 43).
struct FileExamination: Sendable {
    enum Finding: Sendable, Equatable {
        /// Nothing there, or an empty file: a new database.
        case absent
        /// Ours, with this schema number. 0: it was being made when the
        /// process ended, and the rest is in the write-ahead log.
        case ours(schema: Int)
    }

    /// `ork1`, at byte 68 of the file: `PRAGMA application_id`.
    static let applicationID: UInt32 = 0x6F72_6B31

    let path: String

    /// - Parameter newest: the highest schema number this program knows.
    /// - Throws: `CodedError` `directory-unsafe`, `file-unsafe`,
    ///   `database-foreign`, `database-newer`, `database-corrupt`.
    func examine(newest: Int) throws -> Finding {
        try examineDirectory()
        for companion in ["-shm", "-journal"] { _ = try examineOwner(path + companion) }
        let isLogged = try examineOwner(path + "-wal") ?? 0 > 0
        if let size = try examineOwner(path), size > 0 {
            return try examineHeader(size: size, isLogged: isLogged, newest: newest)
        }
        // SQLite would throw the log away: it belongs to no page of the file.
        guard !isLogged else {
            throw CodedError(
                .databaseCorrupt, "\(path) is empty or gone, but its log \(path)-wal is there",
                hints: ["put the database back, or move the log away:   mv \(path)-wal \(path)-wal.old"])
        }
        return .absent
    }

    var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func examineDirectory() throws {
        var info = stat()
        guard stat(directory, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
            throw CodedError(
                .directoryUnsafe, "there is no directory \(directory)",
                hints: ["mkdir -m 700 -p \(directory)"])
        }
        guard info.st_uid == geteuid() else {
            throw CodedError(
                .directoryUnsafe, "\(directory) belongs to another user (uid \(info.st_uid))",
                hints: ["chown \(geteuid()) \(directory)"])
        }
        guard info.st_mode & 0o077 == 0 else {
            throw CodedError(
                .directoryUnsafe, "\(directory) is open to other users", hints: ["chmod 700 \(directory)"])
        }
    }

    /// - Returns: the size; nil when there is no such file.
    private func examineOwner(_ path: String) throws -> Int64? {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT { return nil }
            throw CodedError(.fileUnsafe, "cannot look at \(path): \(String(cString: strerror(errno)))")
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw CodedError(
                .fileUnsafe, "\(path) is not a regular file, perhaps a symbolic link",
                hints: ["ls -l \(path)"])
        }
        guard info.st_uid == geteuid() else {
            throw CodedError(
                .fileUnsafe, "\(path) belongs to another user (uid \(info.st_uid))",
                hints: ["chown \(geteuid()) \(path)"])
        }
        guard info.st_mode & 0o177 == 0 else {
            throw CodedError(.fileUnsafe, "\(path) is open to other users", hints: ["chmod 600 \(path)"])
        }
        guard info.st_nlink == 1 else {
            throw CodedError(
                .fileUnsafe, "\(path) has a second name (hard link)", hints: ["find / -samefile \(path)"])
        }
        return Int64(info.st_size)
    }

    /// The first 100 bytes of every SQLite file
    /// (https://www.sqlite.org/fileformat2.html#the_database_header), and the
    /// head of the table of tables behind them.
    private func examineHeader(size: Int64, isLogged: Bool, newest: Int) throws -> Finding {
        let header = try readHeader()
        guard header.count == 108, header.starts(with: Array("SQLite format 3".utf8) + [0]) else {
            throw CodedError(.databaseForeign, "\(path) is not an SQLite database")
        }
        func word(_ offset: Int) -> UInt32 { header[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        let schema = Int(word(60))
        switch word(68) {
        case Self.applicationID: break
        // A leaf without cells: there is no table yet, so nothing of anybody's.
        case 0 where schema == 0 && header[100] == 0x0D && header[103] == 0 && header[104] == 0:
            return .ours(schema: 0)
        default: throw Self.foreign(path)
        }
        guard schema <= newest else {
            throw Self.newer(path, schema, than: newest)
        }
        let stated = header[16..<18].reduce(0) { $0 << 8 | Int64($1) }
        let pageSize = stated == 1 ? 65_536 : stated
        let isPowerOfTwo = pageSize >= 512 && pageSize & (pageSize - 1) == 0
        // The page count is valid only when both change counters agree. While
        // there is a log, pages may be missing here that stand in it: emptying
        // it writes the header first, and may not have come further.
        let isCut =
            !isLogged && isPowerOfTwo && word(24) == word(92) && Int64(word(28)) * pageSize > size
        guard isPowerOfTwo, !isCut else {
            throw CodedError(.databaseCorrupt, "\(path) is damaged: its header is wrong")
        }
        return .ours(schema: schema)
    }

    static func foreign(_ path: String) -> CodedError {
        CodedError(.databaseForeign, "\(path) was written by another program")
    }

    static func newer(_ path: String, _ schema: Int, than newest: Int) -> CodedError {
        CodedError(
            .databaseNewer, "\(path) has schema \(schema); this orkd \(API.release) knows up to \(newest)")
    }

    private func readHeader() throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            throw CodedError(.fileUnsafe, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var header = [UInt8](repeating: 0, count: 108)
        let count = pread(file, &header, header.count, 0)
        return Array(header.prefix(max(0, count)))
    }
}
