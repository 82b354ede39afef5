import Glibc

/// Cuts a file of any size into lines as its bytes come, holding at most one
/// line. Ends of lines are LF or CRLF; a UTF-8 byte order mark in front is
/// left out.
struct LineSplitter {
    enum Line {
        /// Without its end; valid only during the call.
        case whole(UnsafeRawBufferPointer)
        /// Longer than `limit`, whatever is in it.
        case tooLong
    }

    static let limit = 64 * 1024

    /// Lines given out, from 1.
    private(set) var number = 0
    /// Beginning of the line that is not complete yet.
    private var held: [UInt8] = []
    private var isTooLong = false

    /// - Parameter take: called with each line that is complete now, and its
    ///   number.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ take: (Int, Line) throws -> Void) rethrows {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count {
            guard let found = memchr(base + start, 0x0A, bytes.count - start) else {
                hold(UnsafeRawBufferPointer(rebasing: bytes[start...]))
                return
            }
            let end = UnsafeRawPointer(found) - base
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if held.isEmpty && !isTooLong {
                try give(part, take)
            } else {
                hold(part)
                try giveHeld(take)
            }
            start = end + 1
        }
    }

    /// The file is over: its last line may have no end.
    mutating func finish(_ take: (Int, Line) throws -> Void) rethrows {
        guard !held.isEmpty || isTooLong else { return }
        try giveHeld(take)
    }

    private mutating func hold(_ part: UnsafeRawBufferPointer) {
        guard !isTooLong, held.count + part.count <= Self.limit else {
            isTooLong = true
            held.removeAll()
            return
        }
        held.append(contentsOf: part)
    }

    private mutating func giveHeld(_ take: (Int, Line) throws -> Void) rethrows {
        let line = held
        held.removeAll(keepingCapacity: true)
        guard !isTooLong else {
            isTooLong = false
            number += 1
            return try take(number, .tooLong)
        }
        try line.withUnsafeBytes { try give($0, take) }
    }

    private mutating func give(_ line: UnsafeRawBufferPointer, _ take: (Int, Line) throws -> Void) rethrows {
        number += 1
        var line = line[...]
        if line.last == 0x0D { line.removeLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        let whole = UnsafeRawBufferPointer(rebasing: line)
        try take(number, whole.count > Self.limit ? .tooLong : .whole(whole))
    }
}
