import Glibc
internal import ORKit

/// A file or stdin, read piece by piece.
final class InputFile {
    /// As it was named; `-` is stdin.
    let path: String
    /// Whether it can be read a second time.
    let isRegular: Bool
    /// In bytes, where that is known.
    let size: Int64?
    /// Bytes handed out so far.
    private(set) var sent: Int64 = 0
    private let descriptor: Int32

    init(_ path: String, _ session: Session) throws {
        self.path = path
        let isStandardInput = path == "-"
        descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CodedError(.inputUnreadable, "cannot read \(path): \(SystemText.of(errno))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw CodedError(.inputUnreadable, "cannot read \(path): \(SystemText.of(errno))")
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw CodedError(.inputUnreadable, "cannot read \(path): it is a directory")
        }
        isRegular = status.st_mode & S_IFMT == S_IFREG && !isStandardInput
        size = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
        if isStandardInput, isatty(STDIN_FILENO) == 1, !session.globals.quiet, !session.globals.showRequest {
            session.diagnostics.say("reading from the terminal; Ctrl-D ends it")
        }
    }

    deinit { if path != "-" { close(descriptor) } }

    /// Fills the buffer with the next bytes.
    ///
    /// - Returns: their number, 0 at the end.
    /// - Throws: `interrupted` when Ctrl-C came while it was waiting.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if Interrupt.wasAsked { throw CodedError(.interrupted) }
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                sent += Int64(count)
                return count
            }
            guard errno == EINTR else {
                throw CodedError(.inputUnreadable, "cannot read \(path): \(SystemText.of(errno))")
            }
        }
    }

    /// The whole of a small file.
    func readAll(atMost limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try chunk.withUnsafeMutableBytes { try read($0) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw CodedError(.inputUnreadable, "\(path) is longer than \(Human.bytes(Int64(limit)))")
            }
        }
    }

    /// Reads the file once more and copies those lines, in order, whatever
    /// their length; with them the first line when it is the head of a CSV.
    func copy(lines: [Int], to file: NewFile) throws {
        var wanted = Set(lines).sorted()[...]
        var number = 1
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var offset: off_t = 0
        var isFirst = true
        while !wanted.isEmpty {
            let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, offset) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            offset += off_t(count)
            if isFirst, Self.isHead(chunk[..<count]) { wanted = [1] + wanted.drop { $0 == 1 } }
            isFirst = false
            var taken: [UInt8] = []
            var rest = chunk[..<count]
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
                if wanted.first == number { taken += rest[..<end] }
                if rest[end - 1] == UInt8(ascii: "\n") {
                    if wanted.first == number { wanted = wanted.dropFirst() }
                    number += 1
                }
                rest = rest[end...]
            }
            try file.write(taken)
        }
    }

    /// A first line with columns named, one of them the secret's.
    private static func isHead(_ chunk: ArraySlice<UInt8>) -> Bool {
        let line = chunk.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.prefix(1024)
        let text = String(decoding: line, as: UTF8.self).lowercased()
        let cells = text.split(separator: ",").map { $0.filter { $0.isLetter } }
        return cells.count > 1 && cells.contains("secret")
    }
}
