/// Follows the structure of one JSON document as its bytes pass, in pieces of
/// any size, and notes the few members that say what an answer cost and
/// whether it failed. Keeps nothing but a short token that was cut in two.
///
/// Not a validator: an answer is somebody else's. Containers of no interest
/// are skimmed, that is, only strings and brackets are told apart in them.
/// What cannot be JSON makes the watch lose track, after which it sees
/// nothing more.
struct JSONWatch: Sendable {
    private enum State: UInt8, Sendable {
        case value, valueOrEnd, key, keyOrEnd, colon, comma
        /// In a string or scalar that began in earlier bytes, or has escapes.
        case string, escape, scalar
        /// In a container of no interest, and in a string there.
        case skim, skimString, skimEscape
        case done, lost
    }

    /// Longest token of interest: names, ids, numbers.
    static let longestToken = 128

    private var state = State.value
    private var slot = Slot.nothing
    /// The innermost container of interest, and those around it: one byte
    /// each, the innermost lowest. There are never more than five.
    private var place = Place.nowhere
    private var outer: UInt64 = 0
    /// How many containers of no interest are open.
    private var skimDepth = 0
    private var isKey = false
    private var isEscaped = false
    private var isTooLong = false
    private var carry: [UInt8] = []
    private let nesting: Nesting
    private(set) var seen = Sightings()

    init(nesting: Nesting) { self.nesting = nesting }

    /// The document has ended, well formed as far as was looked.
    var isDone: Bool { state == .done }
    var isLost: Bool { state == .lost }

    /// Ready for the next document.
    @inline(__always)
    mutating func reset() {
        state = .value
        slot = .nothing
        place = .nowhere
        outer = 0
        skimDepth = 0
        isTooLong = false
        if !carry.isEmpty { carry.removeAll(keepingCapacity: true) }
        seen.clear()
    }

    /// Reads on.
    ///
    /// - Returns: where it stopped: `to`, or behind the last byte of the
    ///   document.
    mutating func feed(_ base: UnsafeRawPointer, from: Int, to: Int) -> Int {
        var at = from
        var token = from
        var state = self.state
        defer { self.state = state }
        while at < to {
            switch state {
            case .skim: state = skim(base, &at, to)
            case .skimString: state = skimString(base, &at, to)
            case .skimEscape:
                at &+= 1
                state = .skimString
            case .key, .keyOrEnd:
                let byte = base.byte(at)
                at &+= 1
                if byte == 0x22 {
                    token = at
                    state = key(base, &at, to)
                } else if byte == 0x7D, state == .keyOrEnd {
                    state = pop()
                } else if !Self.isBlank(byte) {
                    state = .lost
                }
            case .colon:
                let byte = base.byte(at)
                at &+= 1
                if byte == 0x3A { state = .value } else if !Self.isBlank(byte) { state = .lost }
            case .value, .valueOrEnd:
                let byte = base.byte(at)
                token = at
                at &+= 1
                if Self.isBlank(byte) { continue }
                if byte == 0x5D, state == .valueOrEnd {
                    state = pop()
                    continue
                }
                if place == .choices { seen.hasChoice = true }
                if byte == 0x22 { token = at }
                state = value(byte, base, &at, to)
            case .comma:
                let byte = base.byte(at)
                at &+= 1
                if byte == 0x2C {
                    state = place == .choices ? .value : .key
                } else if byte == (place == .choices ? 0x5D : 0x7D) {
                    state = pop()
                } else if !Self.isBlank(byte) {
                    state = .lost
                }
            case .string:
                at = base.firstStringSpecial(from: at, to: to)
                guard at < to else { break }
                let special = base.byte(at)
                if special == 0x22 {
                    state = endString(base, from: token, to: at)
                } else {
                    isEscaped = true
                    state = special == 0x5C ? .escape : .lost
                }
                at &+= 1
            case .escape:
                at &+= 1
                state = .string
            case .scalar:
                while at < to, Self.isScalar(base.byte(at)) { at &+= 1 }
                if at < to { state = endScalar(base, from: token, to: at) }
            case .done: return at
            case .lost: return to
            }
        }
        if state == .string || state == .escape || state == .scalar { keep(base, from: token, to: to) }
        return at
    }

    /// The document has no more bytes: ends a number that stands alone.
    mutating func finish() {
        if state == .scalar, place == .nowhere { state = .done }
    }

    // Members of containers of interest.

    /// A name, whole as a rule; `at` stands behind its opening quote.
    @inline(__always)
    private mutating func key(_ base: UnsafeRawPointer, _ at: inout Int, _ to: Int) -> State {
        let end = base.firstStringSpecial(from: at, to: to)
        guard end < to, base.byte(end) == 0x22 else {
            isKey = true
            isEscaped = false
            return .string
        }
        slot = Slot.named(
            UnsafeRawBufferPointer(start: base + at, count: end &- at), in: place, nesting: nesting)
        at = end &+ 1
        guard at < to, base.byte(at) == 0x3A else { return .colon }
        at &+= 1
        return .value
    }

    /// A value; `at` stands behind its first byte.
    @inline(__always)
    private mutating func value(_ byte: UInt8, _ base: UnsafeRawPointer, _ at: inout Int, _ to: Int) -> State
    {
        switch byte {
        case 0x22:
            let end = base.firstStringSpecial(from: at, to: to)
            guard end < to, base.byte(end) == 0x22 else {
                isKey = false
                isEscaped = false
                return .string
            }
            if slot != .nothing {
                seen.take(string: UnsafeRawBufferPointer(start: base + at, count: end &- at), as: slot)
            }
            at = end &+ 1
        case 0x7B, 0x5B: return open(isObject: byte == 0x7B)
        default:
            guard Self.isScalar(byte) else { return .lost }
            let start = at &- 1
            while at < to, Self.isScalar(base.byte(at)) { at &+= 1 }
            guard at < to else {
                // It may go on in the next bytes: read it again as a token.
                at = start
                return .scalar
            }
            if slot != .nothing {
                seen.take(scalar: UnsafeRawBufferPointer(start: base + start, count: at &- start), as: slot)
            }
        }
        slot = .nothing
        if place == .nowhere { return .done }
        guard at < to, base.byte(at) == 0x2C, place != .choices else { return .comma }
        at &+= 1
        return .key
    }

    private mutating func open(isObject: Bool) -> State {
        let inside = seen.open(slot, in: place, isObject: isObject)
        slot = .nothing
        guard inside != .nowhere else {
            skimDepth = 1
            return .skim
        }
        outer = outer << 8 | UInt64(place.rawValue)
        place = inside
        return isObject ? .keyOrEnd : .valueOrEnd
    }

    private mutating func pop() -> State {
        seen.close(place)
        place = Place(rawValue: UInt8(truncatingIfNeeded: outer)) ?? .nowhere
        outer >>= 8
        return place == .nowhere ? .done : .comma
    }

    // Containers of no interest.

    @inline(__always)
    private mutating func skim(_ base: UnsafeRawPointer, _ at: inout Int, _ to: Int) -> State {
        while true {
            at = base.firstBracketOrQuote(from: at, to: to)
            guard at < to else { return .skim }
            let byte = base.byte(at)
            at &+= 1
            if byte == 0x22 {
                let state = skimString(base, &at, to)
                if state != .skim { return state }
            } else if byte | 0x20 == 0x7B {
                skimDepth &+= 1
            } else {
                skimDepth &-= 1
                if skimDepth == 0 { return place == .nowhere ? .done : .comma }
            }
        }
    }

    /// `.skim` when the string has ended.
    @inline(__always)
    private func skimString(_ base: UnsafeRawPointer, _ at: inout Int, _ to: Int) -> State {
        while true {
            at = base.firstStringSpecial(from: at, to: to)
            guard at < to else { return .skimString }
            let special = base.byte(at)
            at &+= 1
            if special == 0x22 { return .skim }
            guard special == 0x5C else { return .lost }
            guard at < to else { return .skimEscape }
            at &+= 1
        }
    }

    // Tokens that were cut in two or have escapes.

    private mutating func endString(_ base: UnsafeRawPointer, from: Int, to: Int) -> State {
        let text = wholeToken(base, from: from, to: to, isString: true)
        if isKey {
            slot = text.withUnsafeBytes { Slot.named($0, in: place, nesting: nesting) }
            return .colon
        }
        text.withUnsafeBytes { seen.take(string: $0, as: slot) }
        slot = .nothing
        return place == .nowhere ? .done : .comma
    }

    private mutating func endScalar(_ base: UnsafeRawPointer, from: Int, to: Int) -> State {
        let text = wholeToken(base, from: from, to: to, isString: false)
        text.withUnsafeBytes { seen.take(scalar: $0, as: slot) }
        slot = .nothing
        return place == .nowhere ? .done : .comma
    }

    private mutating func wholeToken(_ base: UnsafeRawPointer, from: Int, to: Int, isString: Bool) -> [UInt8]
    {
        keep(base, from: from, to: to)
        var text: [UInt8]? = isTooLong ? nil : carry
        if isString, isEscaped {
            text = text.flatMap { $0.withUnsafeBytes { JSONText.decode($0, limit: Self.longestToken) } }
        }
        isTooLong = false
        carry.removeAll(keepingCapacity: true)
        // What is too long is no name, id or number of interest, but it is not
        // empty either.
        return text ?? [0x3F]
    }

    private mutating func keep(_ base: UnsafeRawPointer, from: Int, to: Int) {
        guard !isTooLong, from < to else { return }
        guard to &- from <= Self.longestToken &- carry.count else {
            isTooLong = true
            return
        }
        carry.append(contentsOf: UnsafeRawBufferPointer(start: base + from, count: to &- from))
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.lf || byte == ASCII.cr || byte == ASCII.tab
    }

    /// Bytes of numbers and of `true`, `false`, `null`.
    @inline(__always)
    private static func isScalar(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x2E || byte == 0x2B
    }
}

extension UnsafeRawPointer {
    /// Offset of the first quote, bracket or brace in `from..<to`, or `to`.
    @inline(__always)
    func firstBracketOrQuote(from: Int, to: Int) -> Int {
        var at = from
        let quote = SIMD16<UInt8>(repeating: 0x22)
        let fold = SIMD16<UInt8>(repeating: 0x20)
        let open = SIMD16<UInt8>(repeating: 0x7B)
        let close = SIMD16<UInt8>(repeating: 0x7D)
        while at &+ 16 <= to {
            let bytes = vector(at)
            let folded = bytes | fold
            let hit = (bytes .== quote) .| (folded .== open) .| (folded .== close)
            if !hit.isAllFalse { return at &+ hit.firstTrueLane }
            at &+= 16
        }
        while at < to {
            let value = byte(at)
            if value == 0x22 || value | 0x20 == 0x7B || value | 0x20 == 0x7D { return at }
            at &+= 1
        }
        return at
    }
}
