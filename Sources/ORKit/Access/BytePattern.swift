// Access: what a client key may ask for, and from where, as plain values and matches.
// Here: patterns of models and paths, ranges of addresses, domains, the caller's address behind proxies.
// Not here: who the client is, what is counted (orkd). Imports nothing.

/// A pattern of ASCII names: `*` stands for any text, `?` for one byte,
/// everything else for itself, in exactly this case.
package struct BytePattern: Sendable, Hashable {
    /// As it was written.
    package let text: String
    private let bytes: [UInt8]
    /// No `*` and no `?`: it stands for one name.
    package let isLiteral: Bool

    /// Longest pattern.
    package static let longest = 256

    /// Nil unless it is 1 to 256 printable bytes of ASCII without a blank or
    /// a comma.
    package init?(_ text: String) {
        bytes = Array(text.utf8)
        guard (1...Self.longest).contains(bytes.count),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x2C })
        else { return nil }
        self.text = text
        isLiteral = !bytes.contains(Self.star) && !bytes.contains(Self.mark)
    }

    private static let star: UInt8 = 0x2A
    private static let mark: UInt8 = 0x3F

    /// Time is at most pattern times name, whatever the two are.
    package func matches(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    package func matches(_ name: UnsafeRawBufferPointer) -> Bool {
        if isLiteral { return name.elementsEqual(bytes) }
        var (at, place) = (0, 0)
        /// Where to go on when the last star has to stand for one more.
        var retry: (at: Int, place: Int)?
        while at < name.count {
            if place < bytes.count, bytes[place] == Self.star {
                retry = (at, place + 1)
                place += 1
            } else if place < bytes.count, bytes[place] == Self.mark || bytes[place] == name[at] {
                at += 1
                place += 1
            } else if let last = retry {
                retry = (last.at + 1, last.place)
                (at, place) = (last.at + 1, last.place)
            } else {
                return false
            }
        }
        return bytes[place...].allSatisfy { $0 == Self.star }
    }
}
