import Glibc
internal import ORKit

/// A file that remembers how far somebody has read.
struct CursorFile {
    private let path: String
    /// A cursor is far shorter; longer is something else.
    private static let longest = 200

    init(_ path: String) { self.path = path }

    /// - Returns: nil when there is none yet.
    func read() throws -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw CodedError(.inputUnreadable, "cannot read \(path): \(SystemText.of(errno))")
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: Self.longest + 1)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else {
            throw CodedError(.inputUnreadable, "cannot read \(path): \(SystemText.of(errno))")
        }
        let words = String(decoding: buffer[..<count], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard let word = words.first else { return nil }
        guard count <= Self.longest, words.count == 1,
            word.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E })
        else {
            // It would be overwritten: better not when it is somebody's data.
            throw CodedError(
                .badFormat, "\(path) does not hold a cursor",
                hints: ["name another file, or begin anew:   rm \(path)"])
        }
        return String(word)
    }

    /// Whole or not at all: a reader never finds half a cursor.
    func write(_ cursor: String) throws {
        let draft = path + ".new"
        let descriptor = open(
            draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else {
            throw CodedError(.cannotCreate, "cannot create \(draft): \(SystemText.of(errno))", hints: [])
        }
        defer { close(descriptor) }
        try Console.write(Array((cursor + "\n").utf8), to: descriptor)
        guard rename(draft, path) == 0 else {
            throw CodedError(.outputFailed, "cannot write \(path): \(SystemText.of(errno))")
        }
    }
}
