import GRDB
import GRDBSQLite
import Testing

/// The disk under one file of a writer's connection. SQLite is the real one;
/// only what it asks of the disk for this file is answered with an error.
struct FailingDisk {
    enum Fault {
        /// `fdatasync` says EIO.
        case sync
        /// `write` says EIO.
        case write
        /// `write` says ENOSPC.
        case full
    }

    enum File {
        case database
        case log
    }

    private let writer: any DatabaseWriter
    private let control: Int32
    private let sound: UnsafePointer<sqlite3_io_methods>

    /// It fails from here on.
    init(_ fault: Fault, _ file: File = .database, under writer: any DatabaseWriter) throws {
        self.writer = writer
        let control = file == .log ? SQLITE_FCNTL_JOURNAL_POINTER : SQLITE_FCNTL_FILE_POINTER
        self.control = control
        sound = try writer.writeWithoutTransaction { db in
            let file = try Self.file(control, db)
            let sound = try #require(file.pointee.pMethods)
            // As long as the file, which may outlive us.
            let failing = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            failing.initialize(to: sound.pointee)
            switch fault {
            case .sync: failing.pointee.xSync = { _, _ in SQLITE_IOERR | 4 << 8 }
            case .write: failing.pointee.xWrite = { _, _, _, _ in SQLITE_IOERR | 3 << 8 }
            case .full: failing.pointee.xWrite = { _, _, _, _ in SQLITE_FULL }
            }
            file.pointee.pMethods = UnsafePointer(failing)
            return sound
        }
    }

    func mend() throws {
        try writer.writeWithoutTransaction { try Self.file(control, $0).pointee.pMethods = sound }
    }

    private static func file(_ control: Int32, _ db: Database) throws -> UnsafeMutablePointer<sqlite3_file> {
        var file: UnsafeMutablePointer<sqlite3_file>?
        try #require(sqlite3_file_control(db.sqliteConnection, "main", control, &file) == SQLITE_OK)
        return try #require(file)
    }
}
