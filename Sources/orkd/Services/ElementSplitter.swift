/// Cuts a JSON document of any size into the elements of its list as its
/// bytes come, holding at most one of them: of a document that is an array,
/// or of the member `items` of one that is an object.
///
/// It only counts brackets outside of strings; whether an element is JSON is
/// for whoever reads it to say.
struct ElementSplitter {
    /// What the list is a member of.
    private static let member = Array("items".utf8)

    private enum Place: Equatable {
        case before
        /// In the list, which lies so deep.
        case list(depth: Int)
        case behind
    }

    private var place = Place.before
    /// Open brackets.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The last string outside of the list, as far as it could be its name.
    private var word: [UInt8] = []
    /// Of the file, from 1.
    private var line = 1
    /// On which the present element began.
    private var start = 1
    private var held: [UInt8] = []
    private var isTooLong = false

    var hasList: Bool { place != .before }
    /// The document goes on.
    var isOpen: Bool { depth > 0 || isInString }

    /// - Parameter take: called with each element that is complete now, on
    ///   one line, and the number of the line on which it began.
    mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ take: (Int, LineSplitter.Line) throws -> Void
    ) rethrows {
        for byte in bytes {
            if byte == 0x0A { line += 1 }
            if isInString {
                readString(byte)
            } else {
                try read(byte, take)
            }
        }
    }

    private mutating func readString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == 0x5C {
            isEscaped = true
        } else if byte == 0x22 {
            isInString = false
        }
        if place == .before, isInString, word.count <= Self.member.count { word.append(byte) }
        hold(byte)
    }

    private mutating func read(
        _ byte: UInt8, _ take: (Int, LineSplitter.Line) throws -> Void
    ) rethrows {
        switch byte {
        case 0x22:
            isInString = true
            word.removeAll(keepingCapacity: true)
        case 0x7B, 0x5B:
            depth += 1
            let isNamed = depth == 2 && word == Self.member
            if place == .before, byte == 0x5B, depth == 1 || isNamed {
                place = .list(depth: depth)
                return
            }
        case 0x7D, 0x5D:
            if place == .list(depth: depth) {
                try give(take)
                place = .behind
            }
            depth = max(0, depth - 1)
        case 0x2C:
            if place == .list(depth: depth) { return try give(take) }
        default: break
        }
        hold(byte)
    }

    /// Only what lies in the list.
    private mutating func hold(_ byte: UInt8) {
        guard case .list = place, !isTooLong else { return }
        let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        if held.isEmpty {
            guard !isSpace else { return }
            start = line
        }
        guard held.count < LineSplitter.limit else {
            isTooLong = true
            return held.removeAll()
        }
        held.append(isSpace ? 0x20 : byte)
    }

    private mutating func give(_ take: (Int, LineSplitter.Line) throws -> Void) rethrows {
        let element = held
        held.removeAll(keepingCapacity: true)
        guard !isTooLong else {
            isTooLong = false
            return try take(start, .tooLong)
        }
        guard !element.isEmpty else { return }
        try element.withUnsafeBytes { try take(start, .whole($0)) }
    }
}
